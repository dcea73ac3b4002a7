"""Short forms and German words that students write in English answers, and what they stand for."""

from functools import lru_cache

SHORT_FORMS = {
    "val": "validation", "valid": "validation", "dev": "validation", "distr": "distribution", "dist": "distribution",
    "grad": "gradient", "grads": "gradient", "params": "parameters", "param": "parameter", "w/": "with",
    "vs": "versus", "config": "configuration", "avg": "average", "acc": "accuracy", "aug": "augmentation",
    "reg": "regularization", "approx": "approximately", "dim": "dimension", "dims": "dimensions", "imgs": "images",
    "img": "image", "pics": "pictures", "pic": "picture", "pred": "prediction", "preds": "predictions",
    "iter": "iteration", "iters": "iterations", "opt": "optimizer", "std": "deviation", "stddev": "deviation",
    "quadr": "quadratic", "calcs": "calculates", "transl": "translation", "init": "initialization", "comp": "computation",
    "prev": "previous", "conv": "convolution", "convs": "convolutions", "hyperparams": "hyperparameters",
    "nets": "network", "net": "network", "ds": "dataset", "eval": "evaluation", "diff": "different", "nr": "number",
    "num": "number", "eq": "equation", "fct": "function", "func": "function", "backprop": "backpropagation",
    "exp": "exponential", "pos": "positive", "neg": "negative", "info": "information", "combi": "combination", "perf": "performance", "inf": "infinity",
    "incr": "increase", "decr": "decrease", "deriv": "derivative", "derivs": "derivatives", "stoch": "stochastic", "rnd": "random", "rand": "random",
    "cls": "class", "upstr": "upstream", "seq": "sequence", "comb": "combination", "sat": "saturated", "sym": "symmetric",
    "corr": "correlation", "indep": "independent", "dep": "dependent", "coeff": "coefficient", "loc": "local", "glob": "global",
    "mem": "memory", "mult": "multiplication", "optim": "optimizer", "arch": "architecture", "probs": "probabilities",
    "transp": "transposed", "lernrate": "learning rate", "gewichte": "weights", "gewicht": "weight", "netz": "network", "netzwerk": "network",
    "daten": "data", "datensatz": "dataset", "bilder": "images", "bild": "image", "verteilung": "distribution",
    "verteilungen": "distributions", "unterschiedlich": "different", "unterschiedliche": "different",
    "verschieden": "different", "verschiedene": "different", "mittelwert": "mean", "varianz": "variance",
    "standardabweichung": "deviation", "schicht": "layer", "schichten": "layers", "ableitung": "derivative",
    "ableitungen": "derivatives", "gradienten": "gradients", "überanpassung": "overfitting", "trainieren": "train",
    "trainiert": "train", "testen": "test", "größer": "larger", "grösser": "larger", "kleiner": "smaller",
    "mehr": "more", "weniger": "less", "speicher": "memory", "langsam": "slow", "teuer": "expensive",
    "rauschen": "noise", "klassen": "classes", "klasse": "class", "hund": "dog", "hunde": "dogs", "katze": "cat",
    "katzen": "cats", "tag": "day", "nacht": "night", "drehen": "rotate", "spiegeln": "mirror", "zufällig": "random",
    "zustand": "state", "zufallssuche": "random search", "kanal": "channel", "gedächtnis": "memory",
    "steigung": "slope", "ungefähr": "approximately", "krümmung": "curvature", "genau": "exact", "exakt": "exact", "exakte": "exact", "exakten": "exact", "berechnet": "computes",
    "berechnen": "compute", "berechnung": "computation", "zweite": "second", "zweiten": "second", "ersten": "first",
    "kanäle": "channels", "faltung": "convolution", "faltungen": "convolutions", "faltungsschicht": "convolution layer",
    "faltungsschichten": "convolution layers", "entfaltung": "deconvolution", "transponierte": "transposed", "anzahl": "number",
    "entscheiden": "decide", "wählen": "choose", "über": "over", "fest": "fixed", "feste": "fixed", "festen": "fixed",
    "rückgängig": "undo", "vorwärts": "forward", "rückwärts": "backward", "wenig": "few", "übrigen": "remaining",
    "normalisierung": "normalization", "merkmal": "feature", "verlust": "loss", "inv": "inverse",
}  # fmt: skip


def written_out(word: str) -> list[str]:
    """The words that a short form stands for: "val" for "validation"."""
    return SHORT_FORMS.get(word, "").split()


SHORTEST_BEGINNING = 5  # letters of a word that is cut off: fewer begin too many words
FEWEST_CONSONANTS = 3
_VOWELS = frozenset("aeiouäöü")


def is_short_for(short: str, word: str) -> bool:
    """Whether letters that are no word may be short for a word: its beginning, or its consonants.

    "imbal" is short for "imbalance", "srch" for "search"; "rn" is short for nothing, and no word is short for itself.
    """
    if len(short) >= SHORTEST_BEGINNING and word.startswith(short):
        return len(word) > len(short)
    return _VOWELS.isdisjoint(short) and len(short) >= FEWEST_CONSONANTS and _consonants(word) == short


@lru_cache(maxsize=20_000)
def _consonants(word: str) -> str:
    """The word without its vowels and with its double letters once: "clss" is written "cls"."""
    kept = [letter for letter in word if letter not in _VOWELS]
    return "".join([letter for letter, before in zip(kept, ["", *kept], strict=False) if letter != before])
