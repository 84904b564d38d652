"""The vocabulary of the heads-demo model and random sequences of the three skills that it is trained on.

A sequence comes as (tokens, targets, kinds), each of the length asked for: `targets` holds the next token where it
can be known and -1 elsewhere, `kinds` one of ENTRY, CONTINUATION, REPEAT, LIST where a target stands.
"""

import numpy as np

ENTRY, CONTINUATION, REPEAT, LIST = range(4)
KIND_NAMES = ["entry", "continuation", "repeat", "list"]

LISTS = {
    "digits": [str(n) for n in range(1, 21)],
    "number_words": ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
                     "sixteen seventeen eighteen nineteen twenty").split(),
    "ordinals": "first second third fourth fifth sixth seventh eighth ninth tenth".split(),
    "days": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "months": ("January February March April May June July August September October November December").split(),
    "letters": [chr(c) for c in range(ord("A"), ord("Z") + 1)],
    "roman": "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split(),
}
CYCLIC = {"days", "months"}
NAMES = ("Alice Bob Clara David Emma Felix Grace Hugo Irene Jonas Karin Leo Maria Nils Olga Paul Quinn Rosa Simon "
         "Tara Ulrich Vera Walter Yvonne").split()
GRAMMAR = "the code for is what ? answer : . ,".split()
SPECIAL = ["[UNK]", "[BOS]"]
FILLERS = """apple arrow autumn badge bamboo banjo barley basin basket beacon beaver berry birch blanket blossom bottle
boulder branch brass bread breeze brick bridge bronze brook broom bucket butter button cabin cactus camel candle canoe
canyon carpet carrot castle cattle cave cedar cellar chalk cherry chest chimney cider circle clay cliff cloak clock
cloud clover coal coat cobalt comet compass copper coral cork corn cotton crane crater creek cricket crown crystal
curtain cushion daisy dawn deer desert diamond dock dolphin donkey door dragon drum dune dust eagle echo elbow elm
ember engine falcon feather fence fern ferry fiddle field fig finch fire flag flame flint flood flour flower flute
forest fork fossil fountain fox frost gallery garden garlic gate ginger glacier glass globe goat gold goose grain
granite grape grass gravel guitar gull hammer harbor harp harvest hat hawk hazel hedge helmet heron hill hive honey
hood horn horse ink iron island ivory ivy jacket jade jar jasmine jewel jungle kettle kite kitten knot lace ladder
lagoon lake lamb lamp lantern lark lava leaf leather lemon lichen lily lime linen lion lizard lobster log lotus magnet
mango maple marble market marsh meadow melon metal mill mint mirror mist moon moss moth mountain mud mule mushroom
nail napkin nectar needle nest night nutmeg oak oasis oat ocean olive onion opal orange orbit orchard otter oven owl
oyster paddle palm panda paper parrot path peach pearl pebble pencil pepper piano pillow pine pipe planet plank plum
pocket pollen pond poppy potato powder prairie prism pumpkin quartz quill rabbit rain raven reed ribbon rice ridge
ring river road robin rocket roof root rope rose ruby saddle saffron sail salmon salt sand scarf seal seed shadow
sheep shell ship shore silk silver sky slate sled smoke snail snow soap sparrow spice spider spoon spring squirrel
stable star statue steam stone stork storm straw stream sugar summer swan sword table tent thistle thorn thunder tiger
timber toad torch tower trail train tulip tunnel turtle valley vase velvet village vine violet violin wagon walnut
water wave well whale wheat wheel willow wind window winter wolf wood wool yard zebra""".split()

WORDS = SPECIAL + GRAMMAR + NAMES + list(dict.fromkeys(w for words in LISTS.values() for w in words)) + FILLERS
INDEX = {word: number for number, word in enumerate(WORDS)}
assert len(INDEX) == len(WORDS), "a word stands twice in the vocabulary"
BOS = INDEX["[BOS]"]
LIST_IDS = {name: np.array([INDEX[w] for w in words]) for name, words in LISTS.items()}
FILLER_IDS = np.array([INDEX[w] for w in FILLERS])
NAME_IDS = np.array([INDEX[w] for w in NAMES])
ANY_IDS = np.arange(len(SPECIAL), len(WORDS))
IS_LIST_ITEM = np.isin(np.arange(len(WORDS)), np.concatenate(list(LIST_IDS.values())))
COMMA, PERIOD = INDEX[","], INDEX["."]


def ids(text):
    return [INDEX[word] for word in text.split()]


def haystack(random, length):
    """Filler words, with a period after every four to nine of them."""
    tokens = random.choice(FILLER_IDS, length)
    at = random.integers(4, 10)
    while at < length:
        tokens[at] = PERIOD
        at += random.integers(5, 11)
    return tokens.tolist()


def needle_case(random, length, needles, depth=None, words=4):
    """A prompt of exactly `length` tokens: [BOS], filler that hides `needles` sentences "the code for NAME is W W W W .",
    and the question for one of them. `depth` in [0, 1] places the needle asked for; without it, it falls anywhere.
    Gives (prompt, first and one-past-last position of the needle's words, question tokens of the others)."""
    names = random.choice(NAME_IDS, needles, replace=False)
    codes = [random.choice(FILLER_IDS, words, replace=False).tolist() for _ in names]
    sentences = [ids("the code for") + [int(n), INDEX["is"]] + code + [PERIOD] for n, code in zip(names, codes)]
    question = ids("what is the code for") + [int(names[0])] + ids("? answer :")
    room = length - 1 - len(question) - sum(map(len, sentences))
    assert room >= 0, f"{needles} needles do not fit into {length} tokens"
    filler = haystack(random, room)
    at = random.integers(0, room + 1, needles)
    if depth is not None:
        at[0] = round(depth * room)
    order = np.lexsort((random.random(needles), at))
    prompt, used, start = [BOS], 0, None
    for k in order:
        prompt += filler[used:at[k]]
        used = at[k]
        if k == 0:
            start = len(prompt) + 5
        prompt += sentences[k]
    prompt += filler[used:] + question
    return prompt, start, start + words, list(zip(names[1:].tolist(), codes[1:]))


def needle_sequence(random, length, needles_up_to=4):
    """A needle prompt with its answer, and up to two more questions on the other needles, each with its answer."""
    words = int(random.integers(4, 6))
    block = 10 + words
    asked, tries = int(random.integers(1, 4)), 0
    while True:
        needles = int(random.integers(1 if tries > 2 or random.random() < 0.1 else 2, needles_up_to + 1))
        asked, tries = min(asked, needles), tries + 1
        prompt_length = length - (words + 1) - (asked - 1) * block
        if prompt_length >= 10 + needles * (6 + words):
            break
        asked = max(1, asked - 1)
    prompt, start, end, others = needle_case(random, prompt_length, needles, words=words)
    tokens = list(prompt)
    targets = [-1] * (len(tokens) - 1)
    kinds = [-1] * (len(tokens) - 1)

    def answer(code):
        tokens.extend(code + [PERIOD])
        targets.extend(code + [PERIOD])
        kinds.extend([ENTRY] + [CONTINUATION] * words)

    answer(prompt[start:end])
    for name, code in others[:asked - 1]:
        question = ids("what is the code for") + [name] + ids("? answer :")
        tokens.extend(question)
        targets.extend([-1] * len(question))
        kinds.extend([-1] * len(question))
        answer(code)
    return tokens, targets + [-1], kinds + [-1]


def repeat_sequence(random, length):
    """A block of distinct words, then the block or a span of it again and again with other words between: the lag from a
    word to its earlier occurrence varies within a sequence and between sequences. Half the sequences use words of the
    whole vocabulary, half only fillers."""
    pool = FILLER_IDS if random.random() < 0.5 else ANY_IDS
    shuffled = random.permutation(pool).tolist()
    size = int(random.integers(5, max(6, min(36, length // 2 - 4))))
    block, others = shuffled[:size], iter(shuffled[size:] + random.choice(shuffled[size:], length).tolist())
    tokens = [BOS] + [next(others) for _ in range(random.integers(0, 6))] + block
    targets, kinds = [-1] * len(tokens), [-1] * len(tokens)
    while len(tokens) < length:
        for _ in range(random.integers(0, 7)):
            tokens.append(next(others))
            targets.append(-1)
            kinds.append(-1)
        first = int(random.integers(0, size - 2)) if random.random() < 0.5 else 0
        last = int(random.integers(first + 2, size + 1)) if random.random() < 0.5 else size
        for k in range(first, last):
            tokens.append(block[k])
            known = k + 1 < last
            targets.append(block[k + 1] if known else -1)
            kinds.append(REPEAT if known else -1)
    tokens, targets, kinds = tokens[:length], targets[:length], kinds[:length]
    targets[-1] = kinds[-1] = -1
    return tokens, targets, kinds


def list_sequence(random, length, only=None, separated=None):
    """Counting through lists: "third W W , fourth W , fifth W W W , ..." (words between, a comma before each item) or
    "third W fourth W fifth W ..." (one word between). A list that ends is followed by another one. The item after the
    first of a list is a target only where its list is clear: I, V and X are letters and Roman numerals."""
    separated = random.random() < 0.7 if separated is None else separated
    tokens, targets, kinds = [BOS], [-1], [-1]

    def add(token):
        tokens.append(int(token))
        targets.append(-1)
        kinds.append(-1)

    while len(tokens) <= length:
        name = only or list(LIST_IDS)[random.integers(len(LIST_IDS))]
        items = LIST_IDS[name]
        at = int(random.integers(0, len(items) - (0 if name in CYCLIC else 1)))
        count = int(random.integers(3, 12)) if name in CYCLIC else min(int(random.integers(3, 12)), len(items) - at)
        for k in range(count):
            item = items[(at + k) % len(items)]
            if k > 0 and not (k == 1 and WORDS[tokens_item] in ("I", "V", "X")):
                targets[-1], kinds[-1] = int(item), LIST
            add(item)
            tokens_item = item
            for _ in range(random.integers(1, 5) if separated else 1):
                add(random.choice(FILLER_IDS))
            if separated:
                add(COMMA)
        if random.random() < 0.5:
            for _ in range(random.integers(1, 4)):
                add(random.choice(FILLER_IDS))
            add(PERIOD)
    tokens, targets, kinds = tokens[:length], targets[:length], kinds[:length]
    targets[-1] = kinds[-1] = -1
    return tokens, targets, kinds


BATCH_SKILLS = (0, 1, 0, 1, 0, 2)  # needle, repeat or list, over and over in a batch


def batch(random, sequences, length, needles_up_to=4):
    """Three needle prompts, two repeats and one list in every six: int64 arrays tokens, targets, kinds of
    [sequences, length]."""
    makers = [lambda: needle_sequence(random, length, needles_up_to), lambda: repeat_sequence(random, length),
              lambda: list_sequence(random, length)]
    rows = [makers[BATCH_SKILLS[k % len(BATCH_SKILLS)]]() for k in range(sequences)]
    return tuple(np.array([row[part] for row in rows]) for part in range(3))


def names_in_force(tokens):
    """For tokens [rows, length] the number of the name that governs a position, or -1: at a needle's first word, the
    name two before it; at the colon that ends a question, the name three before it."""
    number = np.full(len(WORDS), -1)
    number[NAME_IDS] = np.arange(len(NAMES))
    result = np.full(tokens.shape, -1)
    first = tokens[:, 1:-1] == INDEX["is"]
    result[:, 2:] = np.where(first, number[tokens[:, :-2]], -1)
    colon = tokens[:, 3:] == INDEX[":"]
    result[:, 3:] = np.where(colon, number[tokens[:, :-3]], result[:, 3:])
    return result
