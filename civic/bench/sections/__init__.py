"""What ``civic bench`` measures, one file a subject; each has ``run(bench) -> Report``."""

SECTIONS = {
    "votes": "票の受け付け / votes taken at POST /webhooks/line",
    "tail": "待ち時間 / how long the slowest votes wait",
    "receipts": "受付番号の返信づくり / receipts made while votes come in",
    "events": "署名と解読 / signature and decoding of LINE's events",
    "delivery": "一斉送信 / a message to a million people, planned and sent",
    "tally": "集計 / tally and refold of a million votes",
    "reads": "公開ページと API / public pages and API",
    "places": "配置の検査・日照・建物の取り込み / placements, winter sun, buildings",
    "models": "3D モデルと配置 / models, pictures, placement, loading",
}
"""Each section, in the order in which they run, and what it is about."""
