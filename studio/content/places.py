"""Names that tell what a number or an abbreviation beside them is: states, streets, books of the Bible, first names."""

from typing import Final

STATES: Final = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine",
    "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri",
    "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee",
    "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
"""By the codes of the post, behind a town and a comma."""

OLD_STATES: Final = {
    "Ala": "Alabama", "Ariz": "Arizona", "Ark": "Arkansas", "Calif": "California", "Colo": "Colorado",
    "Conn": "Connecticut", "Del": "Delaware", "Fla": "Florida", "Ga": "Georgia", "Ill": "Illinois", "Ind": "Indiana",
    "Kan": "Kansas", "Ky": "Kentucky", "La": "Louisiana", "Md": "Maryland", "Mass": "Massachusetts", "Mich": "Michigan",
    "Minn": "Minnesota", "Miss": "Mississippi", "Mo": "Missouri", "Mont": "Montana", "Neb": "Nebraska", "Nev": "Nevada",
    "Okla": "Oklahoma", "Ore": "Oregon", "Pa": "Pennsylvania", "Tenn": "Tennessee", "Tex": "Texas", "Vt": "Vermont",
    "Va": "Virginia", "Wash": "Washington", "Wis": "Wisconsin", "Wyo": "Wyoming",
}  # fmt: skip
"""With a full stop, as newspapers have them."""

_STREETS = """Street St Avenue Ave Road Rd Boulevard Blvd Drive Dr Lane Ln Court Ct Place Pl Square Sq Terrace Ter
Parkway Pkwy Way Highway Hwy Alley Crescent Row Plaza Broadway Circle"""
STREETS: Final = frozenset(_STREETS.split())

DIRECTIONS: Final = {"N": "North", "S": "South", "E": "East", "W": "West"}

_BOOKS_SHORT = {
    "Gen": "Genesis", "Ex": "Exodus", "Exod": "Exodus", "Lev": "Leviticus", "Num": "Numbers", "Deut": "Deuteronomy",
    "Josh": "Joshua", "Judg": "Judges", "Sam": "Samuel", "Kgs": "Kings", "Chr": "Chronicles", "Neh": "Nehemiah",
    "Ps": "Psalm", "Pss": "Psalms", "Prov": "Proverbs", "Eccl": "Ecclesiastes", "Isa": "Isaiah", "Jer": "Jeremiah",
    "Lam": "Lamentations", "Ezek": "Ezekiel", "Dan": "Daniel", "Hos": "Hosea", "Mic": "Micah", "Hab": "Habakkuk",
    "Zech": "Zechariah", "Mal": "Malachi", "Matt": "Matthew", "Mt": "Matthew", "Mk": "Mark", "Lk": "Luke", "Jn": "John",
    "Rom": "Romans", "Cor": "Corinthians", "Gal": "Galatians", "Eph": "Ephesians", "Phil": "Philippians",
    "Col": "Colossians", "Thess": "Thessalonians", "Tim": "Timothy", "Heb": "Hebrews", "Jas": "James", "Pet": "Peter",
    "Rev": "Revelation",
}  # fmt: skip
_BOOKS = """Genesis Exodus Leviticus Numbers Deuteronomy Joshua Judges Ruth Samuel Kings Chronicles Ezra Nehemiah
Esther Job Psalm Psalms Proverbs Ecclesiastes Isaiah Jeremiah Lamentations Ezekiel Daniel Hosea Joel Amos Obadiah
Jonah Micah Nahum Habakkuk Zephaniah Haggai Zechariah Malachi Matthew Mark Luke John Acts Romans Corinthians Galatians
Ephesians Philippians Colossians Thessalonians Timothy Titus Philemon Hebrews James Peter Jude Revelation Maccabees
Quran Qur’an Qur'an Koran Surah Sura Gita Sirach Tobit Judith Wisdom Baruch Nephi Alma"""
BOOKS: Final = _BOOKS_SHORT | {
    name: name for name in (*_BOOKS.split(), "Song of Songs", "Song of Solomon", "Bhagavad Gita")
}
"""Books whose chapters and verses stand behind them: “John 3:16”."""

NUMBERED_BOOKS: Final = frozenset(
    {"Samuel", "Kings", "Chronicles", "Corinthians", "Thessalonians", "Timothy", "Peter", "John", "Maccabees"}
)
"""Those with a number before them: “1 Corinthians” is the first."""

_FIRST_NAMES = """Adam Alan Albert Alexander Alfred Andrew Anthony Arthur Benjamin Bernard Brian Carl Charles
Christopher Clarence Daniel David Dennis Donald Douglas Edgar Edmund Edward Ernest Eugene Francis Frank Franklin Fred
Frederick Gary George Gerald Gilbert Gordon Gregory Harold Harry Harvey Henry Herbert Horace Howard Hugh Jack Jacob
James Jeffrey Jerome Jerry Jesse Joe John Jonathan Joseph Joshua Kenneth Kevin Larry Lawrence Leonard Lewis Louis Mark
Martin Matthew Michael Nathan Nathaniel Nicholas Nelson Oliver Oscar Patrick Paul Peter Philip Phillip Ralph Raymond
Richard Robert Roger Ronald Roy Russell Samuel Scott Sidney Stanley Stephen Steven Theodore Thomas Thurston Timothy
Victor Vincent Walter Warren William Winthrop"""
FIRST_NAMES: Final = frozenset(_FIRST_NAMES.split())
"""Of people who are the second or third of their name: “John Smith III”."""
