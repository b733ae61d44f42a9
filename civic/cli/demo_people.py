"""The people of the demo, all invented: their names, what brings them to West Shinjuku, their phone's language."""

from webhooks.line.simulator import Person

PEOPLE = (
    Person({"ja": "さくら", "en": "Sakura"}, {"ja": "架空・住んでいる", "en": "invented · lives here"}),
    Person({"ja": "けんた", "en": "Kenta"}, {"ja": "架空・働いている", "en": "invented · works here"}),
    Person({"ja": "ひなの", "en": "Hinano"}, {"ja": "架空・学生", "en": "invented · student"}),
    Person({"ja": "とよ子", "en": "Toyoko"}, {"ja": "架空・散歩に来る", "en": "invented · comes for walks"}),
    Person(
        {"ja": "エマ", "en": "Emma"},
        {"ja": "架空・住んでいる・英語", "en": "invented · lives here"},
        "en",
    ),
    Person(
        {"ja": "ラジ", "en": "Raj"},
        {"ja": "架空・働いている・英語", "en": "invented · works here"},
        "en",
    ),
)
