"""The program that reads leaflets, with far too little memory for one."""

from education.articles.leaflets import reader

if __name__ == "__main__":
    reader.MEMORY = 8 * 1024 * 1024
    reader.main()
