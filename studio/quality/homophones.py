"""Words that are spelled differently and sound the same, so that no ears can tell them apart."""

import functools
from collections.abc import Mapping
from typing import Final

# Every two of a group sound the same in at least one of the large accents. “Affect” and “effect”, “then” and “than” do
# not: whoever says one for the other has misread. “Oer” is the o’er of verse; of “and” between words, an “an” is left;
# a “the” that is stressed is “thee”; “’em” is
# “them”, and sounds as “him” does.
_GROUPS: Final = """
abel able; ad add; addition edition; aid aide; ail ale; air eer ere heir; aisle isle; aloud allowed; altar alter; an
and; ann anne; ant aunt; arc ark; ascent assent; ate eight; auger augur; aural oral; aw awe; ax axe; bail bale; bait
bate; bald bawled; band banned; bard barred; bare bear; baron barren; base bass; be bee; beach beech; bean been bin;
beat beet; beau bow; beer bier; bell belle; berry bury; berth birth; bight bite byte; billed build; blew blue; bloc
block; boar bore; board bored; bolder boulder; born borne bourn; bough bow; boy buoy; brake break; bread bred; brews
bruise; bridal bridle; broach brooch; but butt; buy by bye; cache cash; cain cane; call caul; cannon canon; canter
cantor; canvas canvass; cant kant; capital capitol; carat carrot karat; cast caste; cede seed; ceiling sealing; cell
sell; cellar seller; censor sensor; cent scent sent; cereal serial; check cheque czech; chews choose; chic sheikh;
chile chili chilly; choir quire; chord cord; chute shoot; cite sight site; clause claws; climb clime; coal cole; coarse
course; colonel kernel; complement compliment; complementary complimentary; coo coup; core corps; council counsel;
councillor counselor; creak creek; crews cruise; cue queue; cymbal symbol; dam damn; days daze; dear deer; dessert
desert; deviser divisor; dew due do; die dye; discreet discrete; doe dough; done dun; draft draught; dual duel; earn
urn; em him; em them; ensure insure; eye ay aye i; faint feint; fair fare; fairy ferry; fate fete; faun fawn; faux foe;
feat feet; find fined; fir fur; flair flare; flea flee; flew flu flue; flour flower; for four fore; foreword forward;
forth fourth; foul fowl; franc frank; frees freeze frieze; gait gate; gene jean; gild guild; gilt guilt; gnu knew new
nu; gorilla guerrilla; gram graham; grate great; grays graze; grease greece; grim grimm; grisly grizzly; groan grown;
guessed guest; guise guys; gym jim; hail hale; hair hare; hall haul; hart heart; hay hey; heal heel; hear here; heard
herd; heroin heroine; hew hue hugh; hi high; higher hire; him hymn; hoard horde; hoarse horse; hole whole; holy wholly;
hour our; idle idol idyll; in inn; incite insight; jam jamb; key quay; knead need; knight night; knit nit; knot not;
know no; knows nose; lac lack; lain lane; lam lamb; laps lapse; lay lei; lead led; leak leek; lean lien; leased least;
lessen lesson; levee levy; liar lyre; lie lye; lo low; load lode; loan lone; lock loch; made maid; mail male; main mane
maine; maize maze; mall maul; manner manor; mantel mantle; mark marc marque; marry mary merry; marshal martial
marshall; mean mien; meat meet mete; medal meddle; metal mettle; might mite; mind mined; miner minor; mist missed; moan
mown; moat mote; mode mowed; moor more; moose mousse; morning mourning; muscle mussel; mustard mustered; naval navel;
nay neigh; none nun; oar oer or ore; oh o owe; one won; packed pact; pail pale; pain pane; pair pare pear; palate
palette pallet; passed past; patience patients; pause paws; peace piece; peak peek pique; peal peel; pearl perl purl;
pedal peddle; peer pier; pi pie; plain plane; pleas please; plum plumb; pole poll; poor pore pour; pray prey; presence
presents; pride pried; prince prints; principal principle; prise prize; profit prophet; quarts quartz; rack wrack; rain
reign rein; raise rays raze; rap wrap; rapt wrapped; read red; read reed; real reel; reek wreak; rest wrest; right rite
write wright; ring wring; road rode rowed; roe row; role roll; rome roam; root route; rose rows; rote wrote; rough
ruff; rung wrung; rye wry; sail sale; scene seen; scott scot; scull skull; sea see; seam seem; sear seer; seas sees
seize; serf surf; serge surge; sew so sow; shake sheik; shear sheer; shone shown; shore sure; sic sick; side sighed;
sighs size; slay sleigh; sleight slight; soar sore; sole soul seoul; some sum; son sun; staid stayed; stair stare;
stake steak; stationary stationery; steal steel; step steppe; stile style; storey story; straight strait; suite sweet;
sundae sunday; tacks tax; tail tale; taught taut; tea tee; team teem; tear tier; tare tear; teas tease tees; thai tie;
the thee; their there theyre; threw through; throne thrown; throes throws; tide tied; time thyme; tire tyre; to too
two; toad towed; toe tow; told tolled; ton tun; tor tore; troop troupe; undo undue; vain vane vein; vale veil; vary
very; wade weighed; wail whale wales whales; waist waste; wait weight; waive wave; ware wear where; warn worn; watt
what; way weigh; we wee; weak week; weather whether; wen when; were whir; wet whet; which witch; while wile; whine
wine; whit wit; whoa woe; whose whos; wood would; yoke yolk; yore your youre
"""

_ENDINGS: Final = ("s", "ed", "ing")  # with which they still sound the same: plains, planes


def same_sound(first: str, second: str) -> bool:
    """Whether two different lower-case words without apostrophes are homophones."""
    if _possessive(first, second) or _possessive(second, first):
        return True
    if _groups().get(first, frozenset()) & _groups().get(second, frozenset()):
        return True
    for ending in _ENDINGS:
        if first.endswith(ending) and second.endswith(ending):
            one, two = _stems(first, ending), _stems(second, ending)
            return any(_groups().get(a, frozenset()) & _groups().get(b, frozenset()) for a in one for b in two)
    return False


def _possessive(one: str, plural: str) -> bool:
    """“Company’s” and “companies”, “hero’s” and “heroes”: y and o behind a consonant have two ways to take an s."""
    if one[-3:-2] in "aeiou":
        return False
    return (one.endswith("ys") and plural == f"{one[:-2]}ies") or (one.endswith("os") and plural == f"{one[:-1]}es")


def _stems(word: str, ending: str) -> tuple[str, ...]:
    stem = word.removesuffix(ending)
    return stem, f"{stem}e"


@functools.cache
def _groups() -> Mapping[str, frozenset[int]]:
    """The groups that each word is in, by their numbers."""
    found: dict[str, frozenset[int]] = {}
    for number, group in enumerate(_GROUPS.split(";")):
        for word in group.split():
            found[word] = found.get(word, frozenset()) | {number}
    return found
