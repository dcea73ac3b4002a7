"""Short forms and German words that students write in English answers, and what they stand for."""

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
    "lernrate": "learning rate", "gewichte": "weights", "gewicht": "weight", "netz": "network", "netzwerk": "network",
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
}  # fmt: skip


def written_out(word: str) -> list[str]:
    """The words that a short form stands for: "val" for "validation"."""
    return SHORT_FORMS.get(word, "").split()
