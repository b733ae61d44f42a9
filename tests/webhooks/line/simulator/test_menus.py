"""Rich menus as LINE has them, asked by the official client."""

from io import BytesIO

import pytest
from linebot.v3.messaging import (
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    CreateRichMenuAliasRequest,
    PostbackAction,
    RichMenuArea,
    RichMenuBatchLinkOperation,
    RichMenuBatchRequest,
    RichMenuBounds,
    RichMenuRequest,
    RichMenuSize,
    UpdateRichMenuAliasRequest,
)
from linebot.v3.messaging.exceptions import ApiException
from PIL import Image

from tests.webhooks.line.openapi import validator
from webhooks.line.simulator.menu_checks import menu_problems, picture_trouble

SIZE = {"width": 2500, "height": 1000}
UNKNOWN = "richmenu-" + "0" * 32


def definition(**changed):
    action = {"type": "postback", "label": "投票", "data": "c=ballot", "displayText": "投票"}
    area = {"bounds": {"x": 0, "y": 0, "width": 2500, "height": 1000}, "action": action}
    menu = {"size": SIZE, "selected": True, "name": "nice", "chatBarText": "メニュー", "areas": [area]}
    return {**menu, **changed}


def request(name="nice"):
    bounds = RichMenuBounds(x=0, y=0, width=2500, height=1000)
    area = RichMenuArea(bounds=bounds, action=PostbackAction(label="投票", data="c=ballot", display_text="投票"))
    size = RichMenuSize(**SIZE)
    return RichMenuRequest(size=size, selected=True, name=name, chat_bar_text="メニュー", areas=[area])


def png(width=2500, height=1000, kind="PNG"):
    written = BytesIO()
    Image.new("RGB", (width, height), "#0017c1").save(written, kind)
    return written.getvalue()


@pytest.fixture
def files(line):
    return AsyncMessagingApiBlob(line.api_client)


async def upload(files, menu_id, content=None):
    await files.set_rich_menu_image(menu_id, body=content or png(), _headers={"Content-Type": "image/png"})


async def new_menu(line: AsyncMessagingApi, files, name="nice"):
    menu_id = (await line.create_rich_menu(request(name))).rich_menu_id
    await upload(files, menu_id)
    return menu_id


async def refusal(call):
    with pytest.raises(ApiException) as refused:
        await call
    return refused.value.status


async def test_a_menu_is_created_pictured_read_and_removed(line, files):
    menu_id = await new_menu(line, files)
    assert bytes(await files.get_rich_menu_image(menu_id)) == png()
    found = await line.get_rich_menu(menu_id)
    assert (found.name, found.size.height, found.areas[0].action.data) == ("nice", 1000, "c=ballot")
    assert [menu.rich_menu_id for menu in (await line.get_rich_menu_list()).richmenus] == [menu_id]
    await line.delete_rich_menu(menu_id)
    assert (await line.get_rich_menu_list()).richmenus == []
    assert await refusal(line.get_rich_menu(menu_id)) == 404
    assert await refusal(line.delete_rich_menu(menu_id)) == 404


async def test_the_list_is_as_specified(line, files, http, settings):
    await new_menu(line, files)
    headers = {"authorization": f"Bearer {settings.access_token}"}
    async with http.get("/v2/bot/richmenu/list", headers=headers) as answer:
        assert validator("RichMenuListResponse").is_valid(await answer.json())


async def test_a_picture_cannot_be_replaced_and_has_to_fit(line, files):
    menu_id = (await line.create_rich_menu(request())).rich_menu_id
    assert await refusal(files.get_rich_menu_image(menu_id)) == 404
    for wrong in (b"GIF89a", png(2500, 1001), png() + bytes(1_000_000)):
        assert await refusal(upload(files, menu_id, wrong)) == 400
    await upload(files, menu_id, png(kind="JPEG"))
    assert await refusal(upload(files, menu_id)) == 400
    assert await refusal(upload(files, UNKNOWN)) == 404


async def test_only_a_menu_with_a_picture_can_be_shown(line, simulator):
    menu_id = (await line.create_rich_menu(request())).rich_menu_id
    me = simulator.channel.residents[0].user_id
    alias = CreateRichMenuAliasRequest(richMenuAliasId="a", richMenuId=menu_id)
    calls = (
        line.set_default_rich_menu(menu_id),
        line.link_rich_menu_id_to_user(me, menu_id),
        line.create_rich_menu_alias(alias),
    )
    assert [await refusal(call) for call in calls] == [400, 400, 400]


async def test_ones_own_menu_goes_before_the_one_for_all(line, files, simulator):
    everybodys, own = await new_menu(line, files, "all"), await new_menu(line, files, "own")
    me = simulator.channel.residents[0].user_id
    assert await refusal(line.get_default_rich_menu_id()) == 404
    await line.set_default_rich_menu(everybodys)
    assert (await line.get_default_rich_menu_id()).rich_menu_id == everybodys
    assert await refusal(line.get_rich_menu_id_of_user(me)) == 404
    await line.link_rich_menu_id_to_user(me, own)
    assert (await line.get_rich_menu_id_of_user(me)).rich_menu_id == own
    assert simulator.channel.menus.seen_by(me).id == own
    await line.delete_rich_menu(own)
    assert simulator.channel.menus.seen_by(me).id == everybodys
    await line.unlink_rich_menu_id_from_user(me)
    await line.cancel_default_rich_menu()
    assert simulator.channel.menus.seen_by(me) is None
    assert await refusal(line.link_rich_menu_id_to_user(me, own)) == 404
    assert await refusal(line.link_rich_menu_id_to_user("U" + "0" * 32, everybodys)) == 400


async def test_aliases(line, files):
    one, other = await new_menu(line, files), await new_menu(line, files)
    wish = CreateRichMenuAliasRequest(richMenuAliasId="attara-ja", richMenuId=one)
    await line.create_rich_menu_alias(wish)
    assert await refusal(line.create_rich_menu_alias(wish)) == 400
    await line.update_rich_menu_alias("attara-ja", UpdateRichMenuAliasRequest(richMenuId=other))
    assert (await line.get_rich_menu_alias("attara-ja")).rich_menu_id == other
    listed = (await line.get_rich_menu_alias_list()).aliases
    assert [(alias.rich_menu_alias_id, alias.rich_menu_id) for alias in listed] == [("attara-ja", other)]
    nowhere = UpdateRichMenuAliasRequest(richMenuId=UNKNOWN)
    assert await refusal(line.update_rich_menu_alias("attara-ja", nowhere)) == 400
    await line.delete_rich_menu_alias("attara-ja")
    assert await refusal(line.get_rich_menu_alias("attara-ja")) == 404
    assert await refusal(line.update_rich_menu_alias("attara-ja", nowhere)) == 404
    assert await refusal(line.delete_rich_menu_alias("attara-ja")) == 404


async def test_people_are_moved_together(line, files, simulator):
    old, new = await new_menu(line, files), await new_menu(line, files)
    first, second, third = (resident.user_id for resident in simulator.channel.residents)
    for account in (first, second):
        await line.link_rich_menu_id_to_user(account, old)
    move = RichMenuBatchLinkOperation(**{"from": old}, to=new)
    answer = await line.rich_menu_batch_with_http_info(RichMenuBatchRequest(operations=[move]))
    assert answer.status_code == 202
    progress = await line.get_rich_menu_batch_progress(answer.headers["x-line-request-id"])
    assert progress.phase == "succeeded"
    assert simulator.channel.menus.linked == {first: new, second: new}
    assert third not in simulator.channel.menus.linked
    assert await refusal(line.get_rich_menu_batch_progress("another")) == 404


async def test_an_hour_has_room_for_a_hundred_new_menus(line, simulator, clock):
    for _ in range(100):
        await line.create_rich_menu(request())
    assert await refusal(line.create_rich_menu(request())) == 429
    clock.now += 3_600_000
    await line.create_rich_menu(request())


async def test_a_second_has_room_for_ten_lists(line, clock):
    for _ in range(10):
        await line.get_rich_menu_list()
    assert await refusal(line.get_rich_menu_list()) == 429
    clock.now += 1_000
    await line.get_rich_menu_list()


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"name": "あ" * 301}, "name"),
        ({"name": ""}, "name"),
        ({"chatBarText": "あ" * 15}, "chatBarText"),
        ({"selected": "yes"}, "selected"),
        ({"size": {"width": 2501, "height": 1000}}, "size"),
        ({"size": {"width": 799, "height": 300}}, "size"),
        ({"size": {"width": 2500, "height": 249}}, "size"),
        ({"size": {"width": 2500, "height": 1725}}, "size"),  # 2500 / 1.45 = 1724.1
        ({"size": None}, "size"),
        ({"areas": definition()["areas"] * 21}, "areas"),
        ({"areas": None}, "areas"),
        ({"areas": [3]}, "areas[0].bounds"),
        ({"size": {"width": 2400, "height": 1000}}, "areas[0].bounds"),
    ],
)
def test_a_menu_over_a_limit_is_refused_by_name(changed, path):
    assert path in [problem.property for problem in menu_problems(definition(**changed))]


def test_family_emoji_count_as_one_character_of_the_bar():
    assert menu_problems(definition(chatBarText="👨‍👩‍👧‍👦" * 14)) == []
    assert menu_problems(definition(size={"width": 2500, "height": 1724})) == []
    assert picture_trouble(png(), SIZE) == ""


def test_an_area_needs_an_action_with_a_short_label():
    long = {"type": "postback", "label": "あ" * 21, "data": "x"}
    area = {**definition()["areas"][0], "action": long}
    assert [p.property for p in menu_problems(definition(areas=[area]))] == ["areas[0].action.label"]
