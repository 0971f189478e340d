"""What people ask and how they show their numbers, in English.

Slots: ``{m}`` a metric with its side, ``{a}`` and ``{b}`` two of them, ``{table}`` the facts that are shown.
"""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

PROMPTS: Rules = {
    "system": (
        "<persona> <rule_numbers> <rule_gaps>",
        "<persona> <rule_gaps> <rule_numbers> <rule_length>",
        "<persona> <rule_length> <rule_numbers>",
        "<persona> <rule_numbers> <rule_medical>",
        "<rule_numbers> <rule_gaps> <rule_medical>",
        "<persona> <rule_medical> <rule_gaps>",
    ),
    "persona": (
        (
            "You (are|act as|work as) (a|an assistant to a) (movement|sports|running|strength|technique) (coach|"
            "analyst) (who reads|who works from|working with) (video measurements|pose measurements|numbers "
            "measured from video)."
        ),
        (
            "You help (athletes|coaches|trainers|therapists|people who train) (to understand|to read|"
            "make sense of|to interpret) (the numbers|measurements|metrics) (of|taken from|from) "
            "(their|a|one) (video|videos|"
            "recording|clip)."
        ),
        (
            "(Role|Task): (turn|translate) (measured|pose-based) (metrics|numbers|values) into "
            "(plain|clear|matter-of-fact) "
            "(words|language|feedback)."
        ),
    ),
    "rule_numbers": (
        (
            "(Only use|Use only|Quote only|State only|Stick to) (numbers|values|figures) that (are given|are in "
            "the table|were measured|you were shown)."
        ),
        "(Never|Do not|Don't) (invent|make up|guess|add) (numbers|values|measurements|figures).",
        "Every number (must come from|needs a source in|must be found in) the (measurements|table|data).",
    ),
    "rule_gaps": (
        (
            "(Say so|Be open|Tell the user) when (something|a value|a metric) (is missing|could not be measured|"
            "was withheld)."
        ),
        (
            "If (a metric|something) (was not|could not be) measured, (say|explain) why (instead of|rather than) "
            "(guessing|estimating)."
        ),
        "(Treat|Regard) differences (within|below) (the|) noise as (no difference|unproven).",
    ),
    "rule_length": (
        "(Be brief|Keep it short|Answer briefly|A few sentences are enough|Short answers, please).",
        "(Write|Answer) in (plain|simple|everyday|matter-of-fact) (language|words|English).",
    ),
    "rule_medical": (
        "(Give|Offer) no (diagnosis|medical advice|medical opinion).",
        "(This is|You give) (coaching|training feedback), not (medicine|medical advice|a diagnosis).",
    ),
    "data_intro": (
        (
            "(Here are|These are|Below are|Attached are|Find below) (the|my|our|) (measurements|numbers|"
            "values|metrics|results) (of|from) (one|this|a|my) (video|clip|recording|session):"
        ),
        "(Measured|Results|Numbers|Metrics|Data|Values) (from|of) (the|one|this) (video|clip|recording):",
        "(This|The following) (is what the analysis gave|came out of the analysis|was measured):",
        "(Measurements|Metrics|Results|Data|Table):",
        "(Have a look at|Look at|Please read|Take) (these|the following) (numbers|values|measurements|figures):",
    ),
    "data_intro_two": (
        (
            "(Here are|These are|Below are|I have) (the|) (measurements|numbers|values|metrics) (of|from) two "
            "(videos|clips|recordings):"
        ),
        (
            "(Two (videos|clips|recordings)|A pair of (videos|clips))(, side by side|, measured alike|, listed "
            "together):"
        ),
        "(Measured|Results|Values) (for|of) a pair of (videos|clips|recordings):",
    ),
    "heading": ("{name}:",),
    "ask_read": (
        (
            "(What is|What's|How large is|How big is|Tell me|Give me|I need|Please read out|Read me|Can you find|"
            "Do you see) {m}(, please|)"
        ),
        (
            "(Which|What) (value|number|figure|reading) (was measured|do you have|is listed|is given|is in the table|"
            "do you see) for {m}"
        ),
        "{m}: (what does it say|what is the value|how much|which number is it|what was measured)",
        (
            "(I am|I'm) (looking for|interested in|curious about|asking about|after) {m}. (What is it|What was "
            "measured|Which value is it|How much is it)"
        ),
        "(Could|Can|Would) you (tell me|look up|read|give me|state) {m}",
    ),
    "ask_larger": (
        "(Which side has|Which side shows|On which side is) the (larger|higher|bigger|greater) value for {m}",
        ("{m}: (which side is larger|which side is higher|left or right, which is more)"),
        "(Left or right|Right or left): (where is|on which side is) {m} (larger|higher|greater)",
        "(Is {m}|Would you say {m} is) (larger|higher|bigger) on the left or on the right",
    ),
    "ask_difference": (
        "(By how much|How far) do {a} and {b} (differ|diverge)",
        "(What is|Work out|Compute|Calculate|Give me|Tell me) the difference (between|of) {a} and {b}",
        (
            "{a} (against|versus|compared with|next to) {b}: (how large is the gap|what is the difference|how far "
            "apart are they)"
        ),
        "Subtract one from the other: {a}, {b}. (What do you get|What is the result)",
    ),
    "ask_explain": (
        "What does {m} (mean|tell me|say|stand for)",
        (
            "(What is meant by|How should I understand|How do I read|Explain|Please explain|Can you explain|Tell "
            "me about) {m}"
        ),
        (
            "(I do not understand|I don't get|I never heard of|I am not sure about) {m}. (What is it|What does it "
            "say|How is it measured|Can you explain it)"
        ),
        "(How is|By what method is|From what is) {m} (measured|computed|worked out|defined|calculated)",
        "{m}: (what is that|what does it stand for|definition, please|what is behind it|how does it work)",
        (
            "(What can|What does|What would) {m} (tell me|tell a coach|say about a movement|tell us), and (what are "
            "its limits|what can it not do|what should I watch out for)"
        ),
    ),
    "ask_sides": (
        (
            "(Compare|Please compare|Can you compare|I would like you to compare) (left and right|the two sides|both "
            "sides)(: {m}| for {m}| in {m}|, {m})"
        ),
        (
            "(Is there|Do you see|Can you see) (a difference|any difference|an asymmetry|a gap|any imbalance) "
            "(between the sides|between left and right|left to right) (in|for) {m}"
        ),
        "How (even|symmetric|balanced|alike) are (left and right|the sides|both sides) (in|for) {m}",
        "(What about|How about|What do you make of) (left and right|the sides|the two sides) (in|for) {m}",
    ),
    "ask_videos": (
        "(What changed|What is different|What differs|What has changed) between {one} and {two}",
        (
            "(Compare|Please compare|Can you compare|I would like you to compare) (the pair|{one} and {two}|{one} with "
            "{two}|these recordings)"
        ),
        "(How does|In what way does) {two} (differ from|compare with) {one}",
        "(Is|Would you call) {two} (any|) different from {one}",
        "(Where|In which numbers) (do|did) {one} and {two} (differ|diverge)",
    ),
    "ask_when": (
        (
            "(When|At what time|At which moment|Where in the video) (does|did) {m} (reach its|hit its|have its) "
            "(extreme|peak|turning point)"
        ),
        "(Which part of the video|Which section|What time span) does {m} (come from|belong to|refer to|cover)",
        "(From when to when|Over what period|During which part) was {m} (measured|taken|looked at)",
        "{m}: (when was that|at what time|which part of the video|what stretch of time)",
    ),
    "ask_cue": (
        "(What should|What can|What could) (I|the athlete|we) (do about|change about|do to improve|practise for) {m}",
        (
            "(Give me|I need|I would like|Can I have|Do you have) (a|one|a short) (cue|hint|tip|pointer) (for|about|"
            "on) {m}"
        ),
        "Is {m} (all right|fine|within the range)(, and what should I do|, or should something change|? Any cue)",
        "{m}: (what is the next step|any advice for training|what do you suggest|how should I train it)",
    ),
    "ask_missing": (
        "(What is|How large is|Tell me|Give me|I need|Please read out|What about) {m}",
        "(Why is there|How come there is|What is the reason for) no (value|number|figure) for {m}",
        "(Can you|Could you|Would it be possible to) (estimate|guess|give|tell me|work out) {m}",
        (
            "(I cannot find|I am missing|I do not see|I was looking for) {m}. (What is it|Where is it|What "
            "happened|Can "
            "you fill it in)"
        ),
        "(Roughly|At a guess|Approximately), (what is|how large is) {m}",
    ),
    "ask_standout": (
        (
            "(Does anything (stand out|look unusual|catch your eye|need attention)|Is there anything that (stands "
            "out|looks unusual|catches your eye|needs attention))"
        ),
        "(Is there|Do you see) (a|any) (clear|real|notable|meaningful) (difference|asymmetry|imbalance|change)",
        "(Anything|Is there anything) (I should|we should|to) (know|worry about|work on|note)",
        "(What is|What's) (most|) (striking|remarkable|noticeable) (here|in these numbers|about this)",
    ),
    "ask_describe": (
        (
            "(Describe|Please describe|Sum up|Summarise|Can you summarise|Put into words) (the movement|what was "
            "measured|these numbers|this recording|the clip)"
        ),
        "(What do|What can) (these|the) (numbers|values|measurements) (tell|say|show)( us| me|) about the movement",
        (
            "(How does|How did) (this|the|my) (movement|recording|session|clip) look (in numbers|on paper|from the "
            "data|)"
        ),
        (
            "(Write|Give me|I need) (a short|a brief|a concise) (report|summary|description|overview) of (this|"
            "the) (movement|clip|video|recording)"
        ),
    ),
    "ask_json": (
        (
            "(Return|Give me|Output|Write|Answer with) (the|these|all) (measurements|metrics|values) as (JSON|a "
            "JSON object|plain JSON|machine-readable JSON)"
        ),
        (
            "(I need|Please send|Export) (this|these values|the numbers) (in|as) JSON(, nothing else|, no prose|, "
            "without comments|)"
        ),
        (
            "(JSON, please|As JSON, please|JSON only): (value and unit of|values with units for) (every metric|"
            "everything listed|the table)"
        ),
    ),
    "ask_next": (
        "(And|And what about|What about|How about|Fine, and|Thanks, and) {m}",
        "(OK|Good|I see|Thank you|Thanks|All right). (And|What about|And what about) {m}",
        "(Could you add|Also give me|I also need|The same for|Please add) {m}",
    ),
    "ask_sure": (
        "(How sure|How certain|How confident) (is that|are you|is this (number|value|figure))",
        "(Can I|May I|Should I) (trust|rely on) (that|this|the number|this value)",
        "(Is that|Is this) (number|value|figure) (reliable|exact|solid|trustworthy)",
        "(How exact|How precise) (is it|is that|was this measured)",
    ),
}
"""Rules of the user's and the system's words."""
