"""What is answered, in English.

Slots: ``{m}`` a metric with its side, ``{name}`` one without, ``{v}`` a value with its unit (``{v1}``, ``{v2}``
of two), ``{d}`` a difference, ``{more}`` a comparison word, ``{side1}`` and ``{side2}`` sides or recordings with their
preposition, the first of them the subject of ``{more}``; ``{why}`` a reason. Filler words are neither comparisons nor
number words: those would state something.
"""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

ANSWERS: Rules = {
    "is": (
        "(is|was|comes to|came to|amounts to|works out at|stands at|reads|was measured at|was found at|sits at|"
        "is given as|turns out as|was recorded as|equals|measures|registers at|lands at|settles at|is put at|"
        "was logged as|is listed as|is noted as|is quoted as|comes out at|ends up at|runs to|is stated as|was "
        "read as|was determined as)",
    ),
    "here": (
        "(|||here|in this recording|in this clip|in the video|across this recording|as filmed|for this person|"
        "in these data|on this take|in the present clip|in this footage|for this athlete|as recorded|as "
        "tracked|on film|in this session|this time|as it stands|in the material|on this occasion|for the "
        "filmed movement|in the analysed part|by pose tracking|going by the footage)",
    ),
    "source": (
        "(the table|the measurement|the analysis|the recording|this clip|the video|the data set|the pose track|"
        "the list|the metric sheet|this take|the evaluation|the log|the sheet|the report|the readout|the "
        "output|the record|the tracking|the footage|the pose file|the computation|the summary|the printout|"
        "this analysis|your table|your data sheet)",
    ),
    "gives": (
        "(gives|shows|has|reports|lists|offers|records|names|contains|returns|yields|states|holds|delivers|"
        "displays|notes|quotes|supplies|logs|prints|indicates|documents|carries|puts forward|comes with|"
        "provides)",
    ),
    "value_noun": (
        "(value|figure|reading|result|number|measured value|entry|amount|measure|logged value|reported value|quantity)",
    ),
    "state": (
        "{m} <is> {v} <here>",
        "<source> <gives> {v} (for|as|as the <value_noun> of|under) {m}",
        "(for|as for|as to|regarding|concerning|on|with) {m}, <source> <gives> {v}",
        "(for|as for|as to|regarding|concerning|on|with) {m}, (the <value_noun>|it) <is> {v} <here>",
        (
            "(at|with) {v}, {m} is (on record|listed|documented|part of the picture|in the table|in the data|noted|"
            "what we have)"
        ),
        "{v} is (the <value_noun>|what <source> <gives>|what was measured|what I read|what stands) for {m}",
        "{m}(: |, as measured: |, by <source>: |, according to <source>: | - ){v}",
        "the <value_noun> (for|of|given for|found for|listed for|noted for) {m} <is> {v} <here>",
        (
            "(I read|I find|I see|we have|we find|you get|there is|we read|you can read|we see|I get) {v} (for|as|"
            "under) {m} <here>"
        ),
        "(according to|judging by|going by|by|from|following|as per) <source>, {m} <is> {v}",
        "{m} (has|shows|carries|bears|gets) (a|the) <value_noun> of {v} <here>",
    ),
    "state_it": (
        "(it|this|that|the <value_noun>|the answer) <is> {v} <here>",
        "<source> <gives> {v} <here>",
        "(according to|judging by|going by|by|from|following|as per) <source>(: |, | it is | this is ){v}",
        "{v} <here>",
        "{v}, (says|reads|as|so says|going by|according to) <source>",
        (
            "(I read|I find|I see|we have|we find|you get|there is|we read|you can read|we see|I get|I make it) "
            "{v} <here>"
        ),
        "{v} (is|was) (the <value_noun>|what <source> <gives>|what was measured|what I read|the answer)",
        "(answer|measured|noted|on record|the <value_noun>)(: ){v}",
        "(a|the) <value_noun> of {v}( <here>|, says <source>| is on record| was found| shows up| is what I find)",
    ),
    "confident": (
        (
            "(the|its) uncertainty is (small|narrow|slight) (against|beside|next to|in relation to) (that|it|the "
            "<value_noun>)"
        ),
        "(that|this) is well (clear of|outside|off) the (noise|measurement noise|uncertainty)",
        "(this|the) <value_noun> is (solid|well supported|well determined|dependable|firm)",
        "(you can|we may|it is fair to) (rely|build|lean) on (it|that|this <value_noun>)",
        (
            "(it|that|the <value_noun>) (stands|holds) (on firm ground|well against the noise|clearly above the "
            "noise floor)"
        ),
    ),
    "doubtful": (
        (
            "(the|its) uncertainty is (wide|considerable|large) (against|beside|next to|in relation to) (that|it|"
            "the <value_noun>)"
        ),
        (
            "(take|read|treat) (it|that|the <value_noun>) (with care|with caution|as a rough guide|as an "
            "indication|loosely)"
        ),
        "(this|the) <value_noun> is (shaky|loosely determined|only indicative|not firm)",
        "(I would|better|please) not (lean on|build on|read much into) (it|that|the <value_noun>)",
        (
            "(noise|measurement noise|the uncertainty) (takes up|covers|makes up) (much|a good part|a large part) "
            "of (it|that|the <value_noun>)"
        ),
    ),
    "margin": (
        "(the|its) uncertainty is ±{u}",
        "(it carries|it comes with|there is|count on|allow for|expect) an uncertainty of ±{u}",
        "(noise|the measurement) leaves an uncertainty of ±{u} (around it|there|on it|)",
        "an uncertainty of ±{u} (belongs to it|goes with it|applies|surrounds it|has to be granted)",
    ),
    "overview": (
        (
            "(in short|in brief|to summarise|put briefly|in numbers|at a glance|overall|the gist|in outline|for a "
            "start)(:|,) <overview_rest>"
        ),
        "<overview_rest>",
    ),
    "overview_rest": (
        (
            "(this is|here is|here comes) (what|the part of the movement that) (can be said|was measured|stands "
            "out|the video supports)"
        ),
        (
            "(the movement|the recording|this clip|the take) (can be described|is described|reads) (by|through|as|"
            "in) (the following|these) (values|numbers|figures)"
        ),
        "(the|these) (values|numbers|metrics) (sketch|outline|draw|give) (the|a) (following|) picture",
        "(I|we) (would name|point out|note|can report|list) (the following|these values|what follows)",
    ),
    "closing": (
        "(everything else|anything else|the rest) (was not|has not been) (looked at|part of this|selected) (here|)",
        "(I draw|I make|this makes|these numbers make) no (diagnosis|medical statement) (of it|from that|)",
        (
            "(read|take|use) (this|these values) as (training feedback|coaching feedback|a description)(, not as a "
            "diagnosis|, no diagnosis|)"
        ),
        (
            "(these|all values) (come from|were taken from|rest on) (a single camera|video pose|pose estimates)(, "
            "with its limits|)"
        ),
        (
            "(a repeat|another recording|a fresh look) would (show|tell) (whether|if) (this|that|the picture) "
            "(holds|lasts|stays)"
        ),
    ),
    "missing": (
        "(no|sorry, no|unfortunately no) <value_noun> (for|of) {m}(: |; | - ){why}",
        "(as|since|because) {why}, {m} (is missing|has no <value_noun>|was withheld|could not be given|stays open)",
        (
            "{why}(, so |; so |, hence |, therefore ){m} (is missing|has no <value_noun>|was withheld|could not be "
            "given|stays open)"
        ),
        "(there is|I have|we have|<source> <gives>) no <value_noun> for {m}(: |; | because | since ){why}",
        (
            "{m} (could not be|was not|cannot be) (measured|determined|given|computed|established)(: |; | because |"
            " since | as ){why}"
        ),
        (
            "{m} (was withheld|is withheld|was held back|is left out|stays empty|is missing)(: |; | because | "
            "since | as ){why}"
        ),
        (
            "(the reason why|why) {m} (is missing|has no <value_noun>|is empty|is not given) is (simple|plain|"
            "known)(: |; ){why}"
        ),
        (
            "(I cannot|we cannot|it is not possible to) (give|state|name|tell) {m} <here>(: |; | because | since | "
            "as ){why}"
        ),
        (
            "(for|as for|regarding|concerning|on) {m}, (nothing|no <value_noun>) (can be stated|was given|is "
            "available|is on record|was obtained)(: |; | because | since | as ){why}"
        ),
    ),
    "no_guess": (
        (
            "(a guess|an estimate|a made-up value|any number) would (be|mean) (worthless|misleading|unfounded|"
            "invention|of no use)"
        ),
        "(I will|I would|let us|we should|better) not (guess|estimate|speculate|put a number on it|invent anything)",
        (
            "(so|hence|therefore|which is why) (I leave it open|I give no number|it stays blank|the field stays "
            "empty|no number is stated)"
        ),
        "(inventing|guessing|making up) a number (helps nobody|would not help|is no answer|is not an option)",
    ),
    "instead": (
        (
            "(what|something that) (was|could be|can be) measured (instead|here|in its place|in this recording) is "
            "{m2}, {v2}"
        ),
        "(instead|in its place|as a substitute|as an alternative|what I can offer), {m2} <is> {v2}",
        "(available|measurable|on record|usable|at hand) (is|would be|instead is) {m2}(: |, ){v2}",
        "(I can|we can|it is possible to) (offer|give|report|name) {m2} instead(: |, ){v2}",
        (
            "(from the same recording|from the same clip|out of this video|the data do hold)(, | we have | comes | "
            "there is ){m2}(: |, ){v2}"
        ),
    ),
    "instead_named": (
        "(what|something that) (was|could be|can be) measured (instead|here|in this recording) is {m2}",
        "(I can|we can|it is possible to) (offer|look at|talk about|discuss|go into) {m2} (instead|in its place)",
        "(available|measurable|usable|at hand) (is|would be|instead is) {m2}",
        "(ask|look|turn) (for|at|to) {m2} (instead|in its place), (that|which) was measured",
    ),
    "remedy": (
        (
            "(to get|to obtain|for|if you want) (it|that value|this metric) (next time|in future|another time|"
            "again)(, |: ){remedy}"
        ),
        "(next time|in a new recording|for another take|in future)(, |: ){remedy}",
        "(a way out|what helps|a remedy|the cure|what would help)(: ){remedy}",
    ),
    "nothing": (
        (
            "(nothing|no difference|no asymmetry) (stands out|catches the eye|is conspicuous|sticks out|deserves "
            "attention) <here>"
        ),
        (
            "(I see|there is|we see|I find|the data show) nothing (striking|conspicuous|notable|remarkable|"
            "unusual) <here>"
        ),
        (
            "(no|not a single) (comparison|pair of values|difference) (leaves|passes|gets out of|clears) the "
            "(noise|measurement noise|uncertainty)"
        ),
        (
            "(by|from|judging by|going by) (these numbers|<source>|what was measured), (left and right|the "
            "compared values|the values) (are alike|agree|match|go together)"
        ),
        (
            "(everything compared|all that was compared|what was compared|whatever I compared) (lies|stays|"
            "remains) within the (noise|measurement noise|uncertainty)"
        ),
    ),
    "keep_on": (
        (
            "(there is|I see) no (reason|cause|need) to (change anything|worry|intervene|correct anything) "
            "(because of|from|on account of) (these numbers|this|that)"
        ),
        "(carry on|go on|continue|keep going) as (before|you are|planned)",
        "(a repeat|a further recording|another clip) (could|might|would) (confirm|check|settle) (that|this|it)",
        "(that is|this is|which is) (good to know|a finding too|a result as well|worth noting)",
    ),
    "moment": ("at {t}",),
    "when": (
        "{m} <is> {v}, (seen|found|measured|taken|read|reached|spotted|observed|noted|captured) {t}",
        "{t}, {m} <is> {v} <here>",
        (
            "(it happens|that was|this happens|you find it|look|it shows|it occurs|the moment is|you see it|the "
            "spot is) {t}(: |, with |; ){m} <is> {v}"
        ),
        "<source> <gives> {v} for {m}, (seen|found|measured|taken|read|reached|spotted|observed|noted|captured) {t}",
        "{m} (belongs to|goes with|is tied to) the (moment|instant|frame) {t}(: |, ){v}",
        "{m}(: |, )(seen|found|measured|reached|noted) {t}(: |, ){v}",
        "(for|as for|regarding|with|on) {m}, <source> <gives> {v} {t}",
        "(I read|I find|I see|we have|we find|you get|there is|we read|I get) {v} for {m} {t}",
    ),
    "cue_below": (
        "{m} <is> {v}, (which is |that is |)below the <range> of {low} to {high}",
        "(at|with) {v}, {m} (is|lies|comes out|sits) below the <range> of {low} to {high}",
        "<source> <gives> {v} for {m}, below the <range> of {low} to {high}",
    ),
    "cue_above": (
        "{m} <is> {v}, (which is |that is |)above the <range> of {low} to {high}",
        "(at|with) {v}, {m} (is|lies|comes out|sits) above the <range> of {low} to {high}",
        "<source> <gives> {v} for {m}, above the <range> of {low} to {high}",
    ),
    "cue_within": (
        "{m} <is> {v}, (which is |that is |)within the <range> of {low} to {high}",
        "(at|with) {v}, {m} (is|lies|stays|comes out|sits) within the <range> of {low} to {high}",
        "<source> <gives> {v} for {m}, within the <range> of {low} to {high}",
    ),
    "range": (
        "reference range",
        "usual range",
        "typical range",
        "reference band",
    ),
    "cue_unsure": (
        (
            "(with its|given the|because of the) uncertainty (the limit may lie on either side of it|it cannot be "
            "placed firmly), so I give no cue (yet|here|from it)"
        ),
        "the uncertainty reaches across the limit, so (a repeat|another recording) should come before any cue",
    ),
    "cue_up": ("(upwards|towards the range|into the range|towards the middle of the range)",),
    "cue_down": ("(downwards|towards the range|into the range|towards the middle of the range)",),
    "cue_source": (
        "(the range|that range|it) (comes from|is taken from|stands in|was published in|goes back to) {source}",
        "(source|reference|origin)(: | of the range: ){source}",
        "(this is|the range is) (given|stated|set) by {source}",
    ),
    "cue_change": (
        (
            "(try|aim|work|train) (to bring|towards bringing|on bringing) {name} {way}(, a little at a time|, step "
            "by step|, without force|, at an easy pace|)"
        ),
        "(let|have) {name} (come|move|go) {way} (a little|step by step|bit by bit|gradually)",
        (
            "(cue|hint|pointer|for training|my cue)(: ){name} {way}(, slowly| in small steps|, then film it again|"
            ", then check again|)"
        ),
    ),
    "cue_keep": (
        "(keep|hold|leave) (it|that|this) (there|as it is|where it is|so)",
        "(there is|I see) no (need|reason) to (change|correct) (it|that|anything here)",
        "(cue|hint|pointer|for training)(: )(keep this up|carry on like this|repeat it just so)",
    ),
    "sure_with": (
        "(by|from|going by) the (stated|given|estimated) (precision|noise), {m} <is> {v}, and <margin>",
        "(fairly|reasonably|to some degree|within limits|moderately|up to a point)(: |, ){m} <is> {v}, and <margin>",
        "for {m}, <margin>",
        "{m} <is> {v}; <margin>",
        "with {m} at {v}, <margin>",
        "(the answer lies in the noise|that depends on the noise|a number helps)(: |; )for {m}, <margin>",
    ),
}
"""Rules of the assistant's words."""
