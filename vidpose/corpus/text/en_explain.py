"""How a metric is explained, in English; the slots are texts of the dictionary, which is English."""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

EXPLANATIONS: Rules = {
    "explain_what": (
        (
            "{m} (means|stands for|describes|is defined as|is short for|expresses|refers to|denotes)(: | this: "
            "){definition}"
        ),
        (
            "(put simply|in words|by definition|as defined here|in essence|in the words of the dictionary), {m} (is|"
            "means)(: | this: ){definition}"
        ),
        "(the definition|the idea|the meaning|a short definition)(: | of {m}: | behind {m}: ){definition}",
        (
            "{definition}(: that| - that|; this|; it) is (what|the quantity that) {m} (stands for|describes|means|"
            "expresses|denotes|refers to)"
        ),
        "(think of|take|read) {m} as(: | follows: | this: ){definition}",
    ),
    "explain_formula": (
        (
            "(the formula is|it is computed as|formula|the computation is|it follows from|in symbols|the "
            "arithmetic is|it is worked out as|as a formula|the recipe is|technically|how it is computed)(: "
            "){formula}"
        ),
        "(computed|worked out|calculated|obtained|derived|found) (as|by|from|through)(: ){formula}",
        "(the program|the analysis|vidpose|the software) (computes|calculates|works out|takes)(: ){formula}",
    ),
    "explain_unit": (
        (
            "(it is|values are|the result is|results are|you get it|it comes|numbers are) (given|stated|expressed|"
            "reported|shown|written|quoted|listed|read) in {unit}"
        ),
        "(its|the) unit (is|used here is)(: | ){unit}",
        "(read|take|quote|write) (it|the numbers|values) in {unit}",
        "unit(: | of the result: | used: ){unit}",
    ),
    "explain_no_unit": (
        "(it|this number|the value|the result|the figure) (has|carries|bears|comes with|takes|needs) no unit",
        "(it is|this is|you get|the result is) a (plain|pure|bare|mere) number(, without a unit|, no unit|)",
        "there is no unit (to it|here|beside it|)",
    ),
    "explain_positive": (
        "(a|any) positive (value|number|result) (means|stands for|says|points to|indicates)(: ){positive}",
        "positive (means|stands for|says)(: ){positive}",
        "(when|if|where) (it|the value|the number|the result) is positive(: |, that means: |, read: ){positive}",
        "(the sign|its sign)(: positive means |; positive: ){positive}",
    ),
    "explain_zero": (
        "zero (means|stands for|would be|is)(: ){zero}",
        "(a value of|a result of|exactly) zero (means|stands for|is)(: ){zero}",
        "(when|if|where) (it|the value|the number) is zero(: |, that means: |, read: ){zero}",
    ),
    "explain_note": (
        (
            "(mind|note|bear in mind|keep in mind|remember|a limit|a caveat|caution|a word of care|consider|not to "
            "forget|beware|important)(: ){note}"
        ),
        (
            "(what to watch|limits|what it cannot do|the small print|be aware|its limits|worth knowing|a "
            "restriction|a warning|keep an eye on this)(: ){note}"
        ),
    ),
}
"""Rules of explanations."""
