"""Names of medicines: what they are made of, and the brands under which they are sold."""

from __future__ import annotations

import re

BRAND_NAMES = frozenset(
    (
        "absorica", "accutane", "aczone", "advil", "aldara", "aleve", "allegra", "altreno", "amnesteem",
        "amoxil", "anusol", "arcoxia", "augmentin", "aveeno", "bactrim", "bactroban", "benadryl", "benzac",
        "benzaclin", "betadine", "betnovate", "biaxin", "brevoxyl", "calpol", "canesten", "celebrex",
        "centany", "cerave", "cetaphil", "cipro", "ciproxin", "claravis", "claritin", "clearasil",
        "cleocin", "cortizone-10", "daktarin", "dalacin", "dermovate", "desitin", "dettol", "differin",
        "diprobase", "diprosone", "doryx", "doublebase", "duac", "dupixent", "e45", "ecotrin", "efudex",
        "elidel", "elocon", "epiduo", "epipen", "eucerin", "eucrisa", "eumovate", "excedrin", "finacea",
        "flagyl", "fucibet", "fucidin", "gamophen", "head & shoulders", "hibiclens", "hibiscrub", "humira",
        "ibuleve", "isotrex", "keflex", "klaron", "lamisil", "levaquin", "loceryl", "lotriderm",
        "lotrimin", "medrol", "metrocream", "metrogel", "minocin", "mirvaso", "monodox", "motrin",
        "mycitracin", "naprosyn", "neosporin", "neutrogena", "nizoral", "nurofen", "onexton", "oracea",
        "panadeine", "panadol", "panoxyl", "paramol", "periactin", "piriton", "polysporin", "proactiv",
        "protopic", "quinoderm", "renova", "retin-a", "rhofade", "roaccutane", "rogaine", "savlon",
        "selsun", "skinoren", "solodyn", "soolantra", "sotret", "stiemycin", "stievamycin", "sudocrem",
        "tazorac", "tetralysal", "topicycline", "treclin", "tylenol", "ultravate", "vaseline",
        "vibramycin", "vicodin", "voltaren", "voltarol", "winlevi", "xerac", "xyzal", "zantac", "zenatane",
        "ziana", "zindaclin", "zineryt", "zithromax", "zovirax", "zyrtec",
    )
)  # fmt: skip
"""Brand names of medicines and skin products, in small letters."""

_SUBSTANCES = frozenset(
    (
        "acetaminophen", "acid", "alcohol", "aspirin", "benzoyl", "caffeine", "calamine", "camphor",
        "chlorhexidine", "cortisone", "dapsone", "epinephrine", "fluorouracil", "glycerin", "glycolic",
        "heparin", "hydroquinone", "ibuprofen", "imiquimod", "insulin", "iodine", "lactic", "lanolin",
        "menthol", "minoxidil", "morphine", "naproxen", "niacinamide", "nystatin", "paracetamol",
        "paraffin", "permethrin", "peroxide", "povidone", "resorcinol", "retinol", "salicylic",
        "selenium", "steroid", "sulfacetamide", "sulfur", "tar", "urea", "vitamin", "zinc",
    )
)  # fmt: skip
# The ends that names of medicines share by international agreement.
_SUBSTANCE_ENDINGS = re.compile(
    r".{2,}(?:cillin|mycin|micin|oxacin|cycline|azole|nafine|sone|solone|metasone|onide|olimus|prazole|sartan"
    r"|statin|olol|dipine|caine|ciclovir|cyclovir|zumab|limab|profen|tidine|zine|adine|tinoin|arotene|oxide"
    r"|sulfide|cephalexin|mupirocin|fusidic|crisaborole)"
)


def is_medicine(word: str) -> bool:
    """Whether `word` (in small letters) names what a medicine is made of."""
    return word in _SUBSTANCES or _SUBSTANCE_ENDINGS.fullmatch(word) is not None
