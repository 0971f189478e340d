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
        (
            "(is|is|was|was|comes to|came to|comes out at|came out at|amounts to|works out at|stands at|reads|is "
            "measured at|was measured at|was found at|sits at|measures|is given as|is recorded as|was recorded "
            "as|is listed as|was found to be)"
        ),
    ),
    "is_plain": ("(is|is|was|comes to|came to|comes out at|works out at|stands at|amounts to|measures)",),
    "here": (
        (
            "(|||||here|in this recording|in this clip|in the video|for this person|for this athlete|in these "
            "data|in this take|in this footage|in this session|this time|on this occasion)"
        ),
    ),
    "source": (
        (
            "(the table|the measurement|the analysis|the recording|this clip|the video|the data set|the list|"
            "the metrics sheet|this take|the output|the log|the sheet|the report|the readout|"
            "the record|the tracking|the summary|this analysis|your table|your data sheet|your recording|the "
            "motion analysis)"
        ),
    ),
    "gives": ("(gives|shows|has|reports|lists|records|returns|states|gives us|shows us)",),
    "value_noun": ("(value|value|figure|reading|result|number|measured value|measurement)",),
    "state": (
        "{m} <is> {v} <here>",
        "<source> <gives> {v} for {m}",
        "<source> (puts|places|has) {m} at {v}",
        "(for|as for|regarding|on|when it comes to|concerning) {m}, <source> <gives> {v}",
        "(for|as for|regarding|concerning) {m}, (the <value_noun>|it) <is_plain> {v} <here>",
        (
            "(looking at|turning to|coming to|moving on to) {m}(: it <is_plain> {v}|: {v}|, I read {v}|, we have "
            "{v}|, <source> <gives> {v}) <here>"
        ),
        "{m} is (listed|noted|logged|recorded) (at|as) {v} <here>",
        "{v} is (the <value_noun>|what <source> <gives>|what was measured|what I read|what we have) for {m}",
        "{m}(: | - |, as measured: |, from <source>: |, according to <source>: |, in numbers: ){v}",
        "the <value_noun> (for|given for|measured for|found for) {m} <is_plain> {v} <here>",
        (
            "(I read|I find|I see|we have|we find|you get|we read|you can read|we see|I get|I measure|"
            "you have) {v} for {m} <here>"
        ),
        "(according to|judging by|going by|from|based on|as per) <source>, {m} <is> {v}",
        "{m} (has|shows|reaches|gives) a value of {v} <here>",
        "what (the camera|pose tracking|<source>) (shows|gives) for {m} is {v}",
        (
            "(measured|seen|tracked) (across the clip|over the recording|from the video|in this session), "
            "{m} <is_plain> {v}"
        ),
        "(you will find|you can find|you see) {m} at {v} <here>",
        "(my|the|our) reading of {m} (is|was|comes to|came to|stands at) {v} <here>",
    ),
    "state_it": (
        "(it|this|that|the <value_noun>|the answer) <is_plain> {v} <here>",
        "<source> <gives> {v} <here>",
        "<source> (puts|has) it at {v}",
        "(according to|judging by|going by|from|based on) <source>(: |, | it is | it was ){v}",
        "{v} <here>",
        "{v}, (so says|going by|according to|as shown by) <source>",
        (
            "(I read|I find|I see|we have|we find|you get|we read|you can read|we see|I get|I make it|"
            "it shows|I measure) {v} <here>"
        ),
        "{v} is (the <value_noun>|what <source> <gives>|what was measured|what I read|the answer)",
        "(answer|measured|noted|on record|the <value_noun>)(: ){v}",
        "a value of {v}( <here>|, says <source>| is on record| was found| shows up| is what I find)",
        "(sure|here you go|let me see|certainly|of course)(: |, it is |, that is ){v} <here>",
    ),
    "confident": (
        ("(the|its) uncertainty is (small|low|minor) (in relation|in proportion) to (that|it|the <value_noun>)"),
        "(that|this) is well (clear of|outside) the (noise|measurement noise|uncertainty)",
        "(this|the) <value_noun> is (solid|well supported|well determined|dependable|firm)",
        "(you can|we may|it is fair to) (rely|build) on (it|that|this <value_noun>)",
        (
            "(it|that|the <value_noun>) (stands|holds) (on firm ground|well against the noise|clearly above the "
            "noise floor)"
        ),
    ),
    "doubtful": (
        (
            "(the|its) uncertainty is (wide|considerable|large) (in relation|in proportion) to (that|it|"
            "the <value_noun>)"
        ),
        (
            "(take|read|treat) (it|that|the <value_noun>) (with care|with caution|as a rough guide|as an "
            "indication|loosely)"
        ),
        "(this|the) <value_noun> is (shaky|only indicative|not firm)",
        "(I would|better|please) not (rely on|build on|read much into) (it|that|the <value_noun>)",
        (
            "(noise|measurement noise|the uncertainty) (accounts for|makes up) (much|a good part|a large "
            "part) of (it|that|the <value_noun>)"
        ),
    ),
    "margin": (
        "(the|its) uncertainty is ±{u}",
        "(it carries|it comes with|there is|allow for|expect) an uncertainty of ±{u}",
        "(noise|the measurement) leaves an uncertainty of ±{u} (around it|there|on it|)",
        "an uncertainty of ±{u} (goes with it|applies|has to be allowed for)",
    ),
    "overview": (
        (
            "(in short|in brief|to summarise|put briefly|in numbers|at a glance|overall|in outline|to "
            "start with)(:|,) <overview_rest>"
        ),
        "<overview_rest>",
    ),
    "overview_rest": (
        "(this is|here is) what (can be said|was measured|the video supports)",
        (
            "(the movement|the recording|this clip|the take) (can be described by|is described by|comes down to) "
            "(the following|these) (values|numbers|figures)"
        ),
        "(the|these) (values|numbers|metrics) (sketch|give|provide) a picture (of the movement|)",
        "(I|we) (point out|note|can report|list) (the following|these values|what follows)",
        "(here is|this is) (the clip|the movement|the session) in numbers",
    ),
    "closing": (
        "(everything else|the rest) (was not|has not been) (assessed|analysed|considered) here",
        "(this is|that is) not (a diagnosis|medical advice|a medical opinion)",
        (
            "(read|take|use) (this|these values) as (training feedback|coaching feedback|a description)(, not as "
            "a diagnosis|, no diagnosis|)"
        ),
        (
            "(these|all) values (come from|were taken from|rest on) (a single camera, with its limits|a single "
            "camera|video pose|pose estimates)"
        ),
        (
            "(a repeat|another recording|a fresh look) would (show|tell) whether (this|that|the pattern) "
            "(holds|persists)"
        ),
        (
            "(film it again|record the next session|repeat the clip) from the same spot to see (whether this "
            "holds|how stable this is|whether it stays so)"
        ),
    ),
    "missing": (
        "(no|sorry, no|unfortunately no) <value_noun> for {m}(: |; | - ){why}",
        (
            "(as|since|because) {why}, {m} (is missing|has no <value_noun>|was withheld|could not be "
            "given|is not reported)"
        ),
        (
            "{why}(, so |; so |; hence |; therefore ){m} (is missing|has no <value_noun>|was withheld|could not "
            "be given|is not reported)"
        ),
        "(there is|I have|we have|<source> <has_no>) no <value_noun> for {m}(: |; | because | since ){why}",
        (
            "{m} (could not be|was not|cannot be) (measured|determined|given|computed|established)(: |; | "
            "because | since | as ){why}"
        ),
        (
            "{m} (was withheld|is withheld|was held back|is left out|is not reported|is missing)(: |; | because | "
            "since | as ){why}"
        ),
        (
            "(the reason why|why) {m} (is missing|has no <value_noun>|is not reported|is not given) is (simple|"
            "known)(: |; ){why}"
        ),
        (
            "(I cannot|we cannot|it is not possible to) (give|state|name|tell you) {m} <here>(: |; | because | "
            "since | as ){why}"
        ),
        (
            "(for|as for|regarding|on) {m}, (nothing|no <value_noun>) (can be stated|was given|is available|is "
            "on record|was obtained)(: |; | because | since | as ){why}"
        ),
        (
            "(I would like to give you|I wish I could give you) {m}, but (the recording does not allow it|it was "
            "withheld|it could not be measured)(: |; ){why}"
        ),
        "(the trouble with|the problem with) {m}(: | is this: ){why}",
        (
            "(the video|this clip|the recording|the footage) does not (support|allow|yield) {m}(: |; | because | "
            "since | as ){why}"
        ),
        "{m} (has to remain|remains|must remain) (blank|unknown) <here>(: |; | because | since | as ){why}",
    ),
    "has_no": ("(gives|shows|has|reports|lists|holds)",),
    "no_guess": (
        "(a guess|an estimate|a made-up value) would be (worthless|misleading|unfounded|of no use|pure invention)",
        "(I will|I would|let us|we should|better) not (guess|estimate|speculate|put a number on it|invent anything)",
        "(so|hence|therefore|which is why) (I leave it open|I give no number|it stays blank|the field stays empty)",
        "(inventing|guessing|making up) a number (helps nobody|would not help|is no answer|is not an option)",
        (
            "(an honest blank|no number|an empty field) (beats|serves you better than) (a wrong one|an invented "
            "one|a guess)"
        ),
        "(filling the field|putting a number there) (would mean|means) (guessing|making it up|inventing it)",
    ),
    "instead": (
        (
            "(what|something that) (was|could be|can be) measured (instead|here|in its place|in this recording) "
            "is {m2}, {v2}"
        ),
        "(instead|in its place|as a substitute|as an alternative), {m2} <is> {v2}",
        "{m2} (is available|was measured|can be given) (instead|in its place)(: |, ){v2}",
        "(I can|we can|it is possible to) (offer|give|report|name) {m2} instead(: |, ){v2}",
        "(from the same recording|from the same clip|from this video) (we have|I can give|you get) {m2}(: |, ){v2}",
        "(a related|the closest available|a comparable) (metric|measure) is {m2}(: |, ){v2}",
    ),
    "instead_named": (
        "(what|something that) (was|could be|can be) measured (instead|here|in this recording) is {m2}",
        "(I can|we can|it is possible to) (offer|look at|talk about|discuss|go into) {m2} (instead|in its place)",
        "{m2} (is available|was measured|can be given) (instead|in its place)",
        "(ask for|look at|turn to) {m2} (instead|in its place), which was measured",
    ),
    "remedy": (
        "to (get|obtain) (it|that value|this metric) (next time|in future|another time)(, |: ){remedy}",
        "(next time|in a new recording|for another take|in future)(, |: ){remedy}",
        "(what helps|a remedy|what would help|my advice|a fix)(: ){remedy}",
        (
            "(you can|you could|I suggest that you|please) {remedy} (next time|for the next recording|"
            "when you film again)"
        ),
    ),
    "nothing": (
        (
            "(nothing|no difference|no asymmetry) (stands out|catches the eye|is conspicuous|sticks out|calls for "
            "attention) <here>"
        ),
        (
            "(I see|there is|we see|I find|the data show) nothing (striking|conspicuous|notable|remarkable|"
            "unusual) <here>"
        ),
        (
            "(no|not a single) (comparison|pair of values|difference) (exceeds|is clear of|clears) the (noise|"
            "measurement noise|uncertainty)"
        ),
        (
            "(by|judging by|going by) (these numbers|<source>|what was measured), (left and right|the compared "
            "values|the values) (are alike|agree|match)"
        ),
        (
            "(everything compared|all that was compared|what was compared|whatever I compared) (lies|stays|"
            "remains) within the (noise|measurement noise|uncertainty)"
        ),
        (
            "(left and right|both sides|the two sides) (look alike|agree|match) (within the noise|as "
            "far as the video can tell|in what was compared)"
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
        "{m} <is> {v}, (seen|measured|reached|observed|captured) {t}",
        "{t}, {m} <is> {v} <here>",
        "(it happens|that was|this happens|you find it|it shows up|it occurs|you see it|look) {t}(: |; ){m} <is> {v}",
        "<source> <gives> {v} for {m}, (seen|measured|reached|observed|captured) {t}",
        "{m} (is reached|shows up|is seen) {t}(: |, |, with a value of ){v}",
        "{m}(: |, )(seen|measured|reached|noted) {t}(: |, ){v}",
        "(for|as for|regarding|on) {m}, <source> <gives> {v} {t}",
        "(I read|I find|I see|we have|we find|you get|there is|we read|I get) {v} for {m} {t}",
        "(look|pause|stop the video) {t}(: |; ){m} <is> {v}",
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
            "(with its|given the|because of the) uncertainty (it may lie on either side of the limit|it cannot "
            "be placed with confidence), so I give no cue (yet|here|from it)"
        ),
        "the uncertainty reaches across the limit, so (a repeat|another recording) should come before any cue",
    ),
    "cue_up": ("(upwards|towards the range|into the range|towards the middle of the range)",),
    "cue_down": ("(downwards|towards the range|into the range|towards the middle of the range)",),
    "cue_source": (
        "(the range|that range|it) (comes from|is taken from|is given in|was published in) {source}",
        "(source|reference|origin)(: | of the range: ){source}",
        "(this is|the range is) (given|stated|set) by {source}",
    ),
    "cue_change": (
        (
            "(try to bring|aim to bring|work on bringing) {name} {way}(, a little at a time|, step by step|, "
            "without force|, at an easy pace|)"
        ),
        "(let|have) {name} (come|move|go) {way} (a little|step by step|bit by bit|gradually)",
        (
            "(cue|hint|pointer|for training|my cue)(: )bring {name} {way}(, slowly|, in small steps|, then film "
            "it again|, then check again|)"
        ),
        (
            "(in the next sessions|over the coming weeks|in your next training sessions), (move|bring|guide) {name} "
            "{way}(, bit by bit|, in small steps|)"
        ),
    ),
    "cue_keep": (
        "(keep|hold|leave) (it|that|this) (there|as it is|where it is)",
        "there is no (need|reason) to (change|correct) (it|that|anything here)",
        "(cue|hint|pointer|for training)(: )(keep this up|carry on like this|repeat it just like this)",
        (
            "(that|this) is (fine|as it should be|where it should be), so (keep going|carry on like this|no "
            "correction here)"
        ),
    ),
    "sure_with": (
        "(by|from|going by) the (stated|given|estimated) (precision|noise), {m} <is> {v}, and <margin>",
        "(fairly|reasonably|to some degree|within limits|moderately|up to a point)(: |, ){m} <is> {v}, and <margin>",
        "for {m}, <margin>",
        "{m} <is> {v}; <margin>",
        "with {m} at {v}, <margin>",
        "(that depends on the noise|a number helps)(: |; )for {m}, <margin>",
    ),
}
"""Rules of the assistant's words."""
