"""Words that are written in several ways: variants, abbreviations, letters, contractions."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Every form of a group stands for all the others.
_VARIANTS: Final = """
    ok, okay; per cent, percent; et cetera, etcetera, etc; all right, alright; for ever, forever; any more, anymore;
    oh, o, zero; going to, gonna; want to, wanna; got to, gotta; because, cos; mom, mum; mommy, mummy; grey, gray;
    till, til; though, tho; through, thru; can not, cannot; tonight, to night; today, to day; tomorrow, to morrow;
    judgement, judgment; acknowledgement, acknowledgment; abridgement, abridgment; learnt, learned; burnt, burned;
    dreamt, dreamed; spelt, spelled; spoilt, spoiled; leapt, leaped; leant, leaned; smelt, smelled; spilt, spilled;
    yeah, yea; ahh, ah; aha, ah ha; whoa, woah; adviser, advisor; aluminium, aluminum; plow, plough; tire, tyre; curb,
    kerb; draft, draught; pajamas, pyjamas; program, programme; skeptic, sceptic; ax, axe; check, cheque; jewelry,
    jewellery; mustache, moustache; omelet, omelette; sulfur, sulphur; inquire, enquire; inquiry, enquiry; disk, disc;
    whiskey, whisky; yogurt, yoghurt; donut, doughnut; airplane, aeroplane; shew, show; shews, shows; shewed, showed;
    shewn, shown; connexion, connection; reflexion, reflection; inflexion, inflection; waggon, wagon; gaol, jail;
    gaoler, jailer; despatch, dispatch; encrease, increase; chuse, choose; publick, public; musick, music; phantasy,
    fantasy; phrensy, frenzy; cloaths, clothes; surprize, surprise; teaze, tease; ancle, ankle; stedfast, steadfast;
    controul, control; burthen, burden; gipsy, gypsy; tyger, tiger; intrust, entrust; indorse, endorse; oer, over;
    eer, ever; neer, never; een, even; tis, it is; twas, it was; twere, it were; thro, through; esquimaux, eskimo,
    eskimos; hindoo, hindu; hindoos, hindus; mahomet, muhammad, mohammed; roumania, romania; corea, korea; servia,
    serbia; thibet, tibet; pekin, peking; koran, quran; czar, tsar; khakee, khaki; catherine, katherine, kathryn;
    sarah, sara; john, jon; steven, stephen; jeffrey, geoffrey; philip, phillip; ann, anne; marc, mark; eric, erik;
    carl, karl; teresa, theresa; elizabeth, elisabeth; catharine, katharine; miss, ms; missus, mrs; mister, mr;
    doctor, dr; versus, vs; e mail, email; web site, website; on line, online
"""
# What is short for several words, which are no names for one another.
_ABBREVIATIONS: Final = """
    st: saint, street; dr: doctor, drive; ave: avenue; blvd: boulevard; rd: road; mt: mount, mountain; ft: fort, foot,
    feet; jr: junior; sr: senior; prof: professor; gen: general; gov: governor; sen: senator; rep: representative;
    capt: captain; lt: lieutenant; col: colonel; sgt: sergeant; maj: major; rev: reverend; hon: honorable; pres:
    president; inc: incorporated; ltd: limited; corp: corporation; co: company; bros: brothers; dept: department; vs:
    versus, v; ph d: phd; eg: for example; ie: that is; approx: approximately; tv: television; pm: p m; am: a m; vol:
    volume; ch: chapter; pp: pages; p: page; ca: circa; nos: numbers; univ: university; govt: government; jan:
    january; feb: february; apr: april; jun: june; jul: july; aug: august; sep: september; sept: september; oct:
    october; nov: november; dec: december; tue: tuesday; tues: tuesday; thu: thursday; thurs: thursday; fri: friday;
    km: kilometers, kilometer; cm: centimeters, centimeter; mm: millimeters, millimeter; kg: kilograms, kilogram,
    kilos; mg: milligrams, milligram; lb: pounds, pound; lbs: pounds, pound; oz: ounces, ounce; yd: yards, yard; ml:
    milliliters, milliliter; hr: hours, hour; hrs: hours, hour; mins: minutes, minute; secs: seconds, second; mph:
    miles per hour, miles an hour; kmh: kilometers per hour, kilometers an hour; kph: kilometers per hour, kilometers
    an hour; fps: frames per second; rpm: revolutions per minute; bpm: beats per minute; khz: kilohertz; hz: hertz;
    mhz: megahertz; ghz: gigahertz; db: decibels; kw: kilowatts; mw: megawatts; gw: gigawatts; kwh: kilowatt hours;
    wh: watt hours; kb: kilobytes, kilobyte; mb: megabytes, megabyte; gb: gigabytes, gigabyte; tb: terabytes,
    terabyte; sq: square; cu: cubic; fl: fluid; usd: dollars; gbp: pounds; sec: section
"""
# Right before figures the ears write them as one of these: “won six to four” as “16 to 4”.
_DIGITS: Final = """
    won one; ate eight
"""
_LETTERS: Final = """
    be b; bee b; see c; sea c; dee d; eff f; gee g; aitch h; eye i; jay j; kay k; el l; ell l; em m; en n; oh o; owe
    o; pea p; pee p; queue q; cue q; are r; es s; ess s; tea t; tee t; you u; vee v; ex x; why y; zee z; zed z
"""
# Contractions and what they may stand for, by ending.
ENDINGS: Final = (
    ("n't", (" not",)), ("'re", (" are",)), ("'ll", (" will", " shall")), ("'ve", (" have",)), ("'m", (" am",)),
    ("'d", (" would", " had")), ("'s", (" is", " has")),
)  # fmt: skip
IRREGULAR: Final = {
    "won't": "will not", "can't": "can not", "shan't": "shall not", "let's": "let us", "'tis": "it is",
    "'twas": "it was", "'twere": "it were", "y'all": "you all", "ma'am": "madam", "o'clock": "of the clock",
    "'em": "them", "'cause": "because", "o'er": "over", "e'er": "ever", "ne'er": "never", "e'en": "even", "th'": "the",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spellings:
    """`american` and `titles` replace a word; `others` are further ways to read one."""

    american: Mapping[str, str]
    titles: Mapping[str, str]
    others: Mapping[str, tuple[str, ...]]


def spellings() -> Spellings:
    """whisper-normalizer's tables and ours."""
    with warnings.catch_warnings():
        # Compiling it warns of an escape sequence in a docstring, which no user should read.
        warnings.simplefilter("ignore")
        from whisper_normalizer.english import EnglishSpellingNormalizer
    others: dict[str, tuple[str, ...]] = {}
    for line in _VARIANTS.split(";"):
        group = [form.strip() for form in line.split(",")]
        for form in group:
            others[form] = (*others.get(form, ()), *(other for other in group if other != form))
    for short, full in _pairs(_ABBREVIATIONS).items():
        others[short] = (*others.get(short, ()), *full)
    for line in (*_LETTERS.split(";"), *_DIGITS.split(";")):
        name, letter = line.split()
        others[name] = (*others.get(name, ()), letter)
    titles = {"mr": "mister", "mrs": "missus", "dr": "doctor"}
    return Spellings(EnglishSpellingNormalizer().mapping, titles, others)


def _pairs(table: str) -> dict[str, tuple[str, ...]]:
    lines = (line.partition(":") for line in table.split(";"))
    return {short.strip(): tuple(form.strip() for form in full.split(",")) for short, _, full in lines}
