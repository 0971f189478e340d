"""How two values are set against each other, in English: what is larger, by how much, and what noise hides.

Slots: those of the answers; ``{s1}`` and ``{s2}`` are sides without a preposition.
"""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

PAIRS: Rules = {
    "sides_differ": (
        "{name} is {more} {side1} than {side2}, by {d}",
        "{side1}, {name} is {more} than {side2} by {d}",
        (
            "{name} (comes out|turns out|was found|was measured|appears|reads|shows up|proves|ends up) {more} "
            "{side1} than {side2}, by {d}"
        ),
        (
            "{name} (comes out|turns out|was found|was measured|appears|reads|shows up|proves|ends up) {d} "
            "{more} {side1} than {side2}"
        ),
        (
            "(there is|I see|we see|<source> <gives>|I find|you get) a difference of {d} in {name}(: |; |, "
            "){more} {side1} than {side2}"
        ),
        (
            "(a|the) difference of {d} separates (the pair|the values|the two values) in {name}(: |; |"
            ", ){more} {side1} than {side2}"
        ),
    ),
    "it_differs": (
        "(it|this|that|the <value_noun>) is {more} {side1} than {side2}, by {d}",
        "{side1}, (it|this|the <value_noun>) is {more} by {d}",
        "{side1} (it|this|the <value_noun>) is {d} {more}",
        (
            "(so|hence|thus|that means|in other words|put differently)(, | )(it|the <value_noun>) is {d} {more} "
            "{side1} than {side2}"
        ),
        "(it|this|the <value_noun>) (comes out|turns out|proves|ends up|is clearly|is plainly) {d} {more} {side1}",
        "(that is|this makes|which gives|leaving|that leaves|I get|we get|hence) a difference of {d}, {more} {side1}",
        "(the|their) difference is {d}, {more} {side1}( than {side2}|)",
        "by {d} (it|this|the <value_noun>) is {more} {side1}( than {side2}|)",
    ),
    "both_values": (
        "{name}: {s1} {v1}(, | and |, but | versus ){s2} {v2}",
        "<source> <gives> {name} (as follows:|with|like this:) {s1} {v1}, {s2} {v2}",
        "{name}, {s1} {v1} and {s2} {v2}( <here>|, as listed|, says <source>|, going by <source>)",
        "{name} <is> {v1} {side1} and {v2} {side2} <here>",
        "{side1} {name} <is> {v1}, {side2} {v2}",
        "<source> <gives> {v1} {side1} and {v2} {side2} for {name}",
        (
            "(for|as for|regarding|with|concerning|on) {name}, <source> <gives> {v1} {side1}(, | and |, but ){v2} "
            "{side2}"
        ),
        "{name}: {v1} {side1}(, | and |, but | versus ){v2} {side2}",
        "(I read|we have|I see|you find|we find|there are|I get|we read) {v1} {side1} and {v2} {side2} for {name}",
        "{name}(: | - |, ){side1} {v1}(, | and |, but ){side2} {v2}",
        (
            "(for|as for|regarding|with|concerning|on) {name}(: | we have | I read | it is "
            "){side1} {v1}(, | and |, but ){side2} {v2}"
        ),
        "(while|whereas) {side1} {name} <is> {v1}, it <is> {v2} {side2}",
    ),
    "both_it": (
        "{s1} {v1}(, | and |, but | versus ){s2} {v2} <here>",
        "<source> <gives> {s1} {v1}(, | and |, but ){s2} {v2}",
        "(I read|we have|I see|you find|we find|I get|we read) {s1} {v1}(, | and |, but ){s2} {v2}",
        "(it|this|the <value_noun>) <is> {v1} {side1}(, | and |, but ){v2} {side2}",
        "{side1} it <is> {v1}, {side2} {v2}",
        "<source> <gives> {v1} {side1}(, | and |, but ){v2} {side2}",
        "{v1} {side1}(, | and |, but | versus ){v2} {side2} <here>",
        "(I read|we have|I see|you find|we find|there are|I get|we read) {v1} {side1}(, | and |, but ){v2} {side2}",
        "(the values|the readings|the numbers|measured|as listed|as noted|on record)(: ){side1} {v1}, {side2} {v2}",
        "(according to|judging by|going by|by|from|as per) <source>(: |, ){v1} {side1}(, | and |, but ){v2} {side2}",
    ),
    "beyond_noise": (
        (
            "(the|its) (noise|uncertainty|measurement noise) is (too small|not enough|far too small) to "
            "(explain|cover|hide) (that|it|the gap)"
        ),
        "(you may|we can|it is fair to) (call|consider) (that|it|the gap) (real|genuine|established)",
        "(so|hence|therefore) (that|it|the gap) (counts|stands|is real|holds)",
        ("(that|this|the gap) (exceeds|lies outside|is clear of|clears) the (noise|measurement noise|uncertainty)"),
        (
            "(noise|measurement noise|chance|the uncertainty) (alone|by itself|) (does not|cannot) (explain|"
            "account for) (that|it|the gap)"
        ),
        "(the measurement|this video|the recording) can (resolve|tell|show|support) (that|such a gap|this)",
    ),
    "within_noise": (
        (
            "(do not|I would not|you should not|please do not) (see|look for) (a difference|anything|an "
            "asymmetry) in (it|that|these values)"
        ),
        (
            "(as far as|so far as) (the measurement|this video|<source>) (can tell|goes|reaches), (they|the "
            "values|these) (agree|match|are alike|coincide)"
        ),
        (
            "(they|the values|these) (agree|match|are alike|coincide|overlap) within (noise|their uncertainties|"
            "measurement noise|the uncertainty)"
        ),
        (
            "(that is|this is|such a gap is) (noise|nothing|no finding|not a difference to build on)(, given the "
            "uncertainty|, as far as a video can tell|)"
        ),
        (
            "(that|this|the gap|what separates them) (is|lies|stays|remains) within the (noise|measurement noise|"
            "uncertainty)"
        ),
        (
            "(the measurement|this video|the recording|the pose data) (cannot|does not) (tell|keep) (them|"
            "the values|these) apart"
        ),
        (
            "(I would|we should|it is best to) (treat|regard|read) (them|these|the values) as (equal|the same|"
            "alike)(, given the noise|, with this noise|)"
        ),
        (
            "(nothing|no difference) (clear of|outside) the (noise|measurement noise|uncertainty) (can be "
            "seen|was found|is visible|is left|shows)"
        ),
        (
            "(so|hence|thus|therefore|that means) no (real|proven|reliable|demonstrable) difference( can be "
            "claimed| is shown)"
        ),
        "(any|the) gap (drowns|disappears|is lost|vanishes) in the (noise|measurement noise|uncertainty)",
    ),
    "noise_unknown": (
        (
            "(the size of the noise|the uncertainty) is (not known|unknown) (here|for this metric|for these "
            "values), so no (real|proven|reliable) difference (can be claimed|is shown)"
        ),
        (
            "(without|in the absence of) a known uncertainty, (no difference|nothing) can be "
            "(claimed|called real|relied on)"
        ),
        (
            "the analysis gives no uncertainty for (it|this metric|these values), so (it is not known whether they "
            "differ|whether they differ remains open|I cannot say whether they differ)"
        ),
    ),
}
"""Rules of comparisons; they use words of the answers."""
