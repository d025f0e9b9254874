"""Words that the sample is made of: names and streets by Faker, places and goods by hand."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import cycle, islice

from faker import Faker

# Every pool is padded to this many values, so that a position is drawn without asking its size.
POOL_SIZE = 400
PLACE_COUNT = 60
LOCALES = {"CN": "zh_CN", "US": "en_US", "DE": "de_DE", "GB": "en_GB"}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

# country, city, province, telephone area code, start of the postcode, tax region; big cities first.
PLACES = """
CN,上海,上海市,21,200,3101
CN,北京,北京市,10,100,1101
CN,广州,广东省,20,510,4401
CN,深圳,广东省,755,518,4403
CN,杭州,浙江省,571,310,3301
CN,成都,四川省,28,610,5101
CN,南京,江苏省,25,210,3201
CN,苏州,江苏省,512,215,3205
CN,武汉,湖北省,27,430,4201
CN,西安,陕西省,29,710,6101
CN,重庆,重庆市,23,400,5001
CN,天津,天津市,22,300,1201
CN,青岛,山东省,532,266,3702
CN,济南,山东省,531,250,3701
CN,长沙,湖南省,731,410,4301
CN,郑州,河南省,371,450,4101
CN,宁波,浙江省,574,315,3302
CN,温州,浙江省,577,325,3303
CN,福州,福建省,591,350,3501
CN,合肥,安徽省,551,230,3401
CN,沈阳,辽宁省,24,110,2101
CN,大连,辽宁省,411,116,2102
CN,昆明,云南省,871,650,5301
CN,无锡,江苏省,510,214,3202
CN,东莞,广东省,769,523,4419
CN,佛山,广东省,757,528,4406
CN,哈尔滨,黑龙江省,451,150,2301
CN,南昌,江西省,791,330,3601
US,New York,NY,646,100,
US,Los Angeles,CA,213,900,
US,Chicago,IL,312,606,
US,Houston,TX,713,770,
US,Phoenix,AZ,602,850,
US,Philadelphia,PA,215,191,
US,San Diego,CA,619,921,
US,Dallas,TX,214,752,
US,Austin,TX,512,787,
US,San Jose,CA,408,951,
US,Seattle,WA,206,981,
US,Denver,CO,303,802,
US,Boston,MA,617,021,
US,Portland,OR,503,972,
US,Atlanta,GA,404,303,
US,Miami,FL,305,331,
US,Minneapolis,MN,612,554,
US,Charlotte,NC,704,282,
DE,Berlin,Berlin,30,101,
DE,Hamburg,Hamburg,40,203,
DE,München,Bayern,89,803,
DE,Köln,Nordrhein-Westfalen,221,506,
DE,Frankfurt am Main,Hessen,69,603,
DE,Stuttgart,Baden-Württemberg,711,701,
DE,Düsseldorf,Nordrhein-Westfalen,211,402,
DE,Leipzig,Sachsen,341,041,
DE,Bremen,Bremen,421,281,
DE,Dresden,Sachsen,351,010,
DE,Hannover,Niedersachsen,511,301,
DE,Nürnberg,Bayern,911,904,
GB,London,England,20,SW,
GB,Birmingham,England,121,B,
GB,Manchester,England,161,M,
GB,Leeds,England,113,LS,
GB,Bristol,England,117,BS,
GB,Liverpool,England,151,L,
GB,Glasgow,Scotland,141,G,
GB,Edinburgh,Scotland,131,EH,
GB,Cardiff,Wales,29,CF,
GB,Belfast,Northern Ireland,28,BT,
"""

# Two of these make a Chinese company's name, and its domain.
BRAND_WORDS = (
    "康 kang,瑞 rui,恒 heng,安 an,博 bo,泰 tai,华 hua,盛 sheng,诚 cheng,嘉 jia,德 de,信 xin,达 da,"
    "宁 ning,和 he,益 yi,仁 ren,济 ji,健 jian,明 ming,天 tian,新 xin,远 yuan,众 zhong,科 ke,"
    "创 chuang,联 lian,鼎 ding,金 jin,润 run,东 dong,方 fang,海 hai,正 zheng,源 yuan,美 mei,"
    "佳 jia,邦 bang,维 wei,民 min"
)
TRADES = {
    "CN": "医疗器械,医疗科技,实验设备,商贸,医院,康复医院,门诊部,口腔门诊部,护理院,医学检验,医药,"
    "健康管理",
    "US": "Medical Supply,Clinics,Health Partners,Diagnostics,Laboratories,Rehab Centers,"
    "Regional Hospital",
    "DE": "Medizintechnik,Laborbedarf,Sanitätshaus,Diagnostik,Gesundheitszentrum,Fachklinik",
    "GB": "Medical Supplies,Healthcare,Diagnostics,Laboratories,Physiotherapy,Care Homes,"
    "Private Hospital",
}
LEGAL_FORMS = {
    "CN": "有限公司,有限公司,有限公司,股份有限公司,有限责任公司",
    "US": "Inc,LLC,Inc,Corp",
    "DE": "GmbH,GmbH,AG,GmbH & Co. KG",
    "GB": "Ltd,Ltd,Limited,PLC",
}
# People at companies, with the spelling of their mailboxes: those whom a company's own e-mail
# names, and the words that all others are made of.
MAILBOXES = (
    "张敏 zhangmin,李伟 liwei,王芳 wangfang,陈杰 chenjie,刘洋 liuyang,赵磊 zhaolei,孙丽 sunli,"
    "周涛 zhoutao,吴霞 wuxia,郑强 zhengqiang,黄燕 huangyan,徐静 xujing,朱军 zhujun,林辉 linhui,"
    "何鹏 hepeng,郭英 guoying,马欣 maxin,罗斌 luobin,梁宇 liangyu,宋娜 songna"
)
SPELLED_SURNAMES = (
    "王 wang,李 li,张 zhang,刘 liu,陈 chen,杨 yang,黄 huang,赵 zhao,吴 wu,周 zhou,徐 xu,孙 sun,"
    "马 ma,朱 zhu,胡 hu,郭 guo,何 he,高 gao,林 lin,罗 luo,郑 zheng,梁 liang,谢 xie,宋 song,"
    "唐 tang,许 xu,韩 han,冯 feng,邓 deng,曹 cao,彭 peng,曾 zeng,肖 xiao,田 tian,董 dong,潘 pan,"
    "袁 yuan,蔡 cai,蒋 jiang,余 yu"
)
SPELLED_GIVEN_NAMES = (
    "建国 jianguo,志强 zhiqiang,文博 wenbo,晓东 xiaodong,海燕 haiyan,丽娟 lijuan,雪梅 xuemei,"
    "思远 siyuan,佳怡 jiayi,子涵 zihan,国栋 guodong,春华 chunhua,秀兰 xiulan,玉兰 yulan,"
    "振华 zhenhua,明辉 minghui,俊杰 junjie,欣怡 xinyi,雅婷 yating,浩然 haoran,宇航 yuhang,"
    "诗涵 shihan,立新 lixin,永刚 yonggang,慧敏 huimin,晓红 xiaohong,静怡 jingyi,伟东 weidong,"
    "少华 shaohua,金凤 jinfeng,斌 bin,涛 tao,磊 lei,勇 yong,艳 yan,洁 jie,婷 ting,超 chao,"
    "鹏 peng,丹 dan,宁 ning,凯 kai,旭 xu,琳 lin,颖 ying,峰 feng,平 ping,辉 hui,倩 qian,昊 hao,"
    "雯 wen,瑶 yao,钧 jun,毅 yi,岚 lan,澜 lan,航 hang,爽 shuang,莹 ying"
)

# category, buyers, lowest and highest list price in CNY, goods from cheap to dear, their variants.
GOODS = """
超声影像|business|15000|180000|超声探头,便携式超声诊断仪,影像工作站,彩色多普勒超声,数字X光机|US-100,US-200,US-300,US-500,US-800
监护急救|business|1800|45000|输液泵,心电图机,病人监护仪,除颤仪,急救转运呼吸机|MC-10,MC-20,MC-30,MC-50,MC-80
检验设备|business|900|60000|离心机,生物显微镜,恒温培养箱,血细胞分析仪,生化分析仪|LA-1,LA-2,LA-3,LA-5,LA-8
医用耗材|business|18|600|超声耦合剂,无菌敷料包,采血管,医用外科手套,一次性注射器|单盒,2盒装,3盒装,5盒装,整箱
康复理疗|both|120|6000|颈椎牵引器,红外理疗灯,中频治疗仪,折叠轮椅,下肢康复训练器|RH-1,RH-2,RH-3,RH-5,RH-8
家用监测|consumer|59|699|红外体温计,指夹式血氧仪,体脂秤,电子血压计,血糖仪套装|H1,H2,H3,H5,H8
个人护理|consumer|25|499|电动牙刷,冲牙器,加湿器,足浴盆,颈部按摩仪|C1,C2,C3,C5,C8
营养健康|consumer|35|599|钙片,复合维生素,鱼油软胶囊,益生菌,乳清蛋白粉|30天装,60天装,90天装,家庭装,礼盒装
"""

Row = tuple[object, ...]


@cache
def word_pool() -> list[Row]:
    """Return rows (country, kind, position, value, ascii_value) of POOL_SIZE values each.

    Always the same words; the seed of a sample decides how they are combined.
    """
    rows: list[Row] = []
    for country, locale in LOCALES.items():
        faker = Faker(locale)
        faker.seed_instance(0)
        surnames = [faker.last_name() for _ in range(500)]
        given_names = [faker.first_name() for _ in range(500)]
        if country == "CN":  # two of them make the longer given names
            given_names = [name for name in given_names if len(name) == 1]
        pools = {
            "surname": surnames,
            "given": given_names,
            "street": [faker.street_name() for _ in range(200)],
            "trade": TRADES[country].split(","),
            "legal": LEGAL_FORMS[country].split(","),
        }
        for kind, values in pools.items():
            keep = list(dict.fromkeys(values)) if kind != "legal" else values
            for position, value in enumerate(islice(cycle(keep), POOL_SIZE)):
                rows.append((country, kind, position, value, _ascii(value)))
    for kind, words in (
        ("brand", BRAND_WORDS),
        ("mailbox", MAILBOXES),
        ("spelled surname", SPELLED_SURNAMES),
        ("spelled given", SPELLED_GIVEN_NAMES),
    ):
        spelled = [word.split(" ") for word in words.split(",")]
        for position, (word, sound) in enumerate(islice(cycle(spelled), POOL_SIZE)):
            rows.append(("CN", kind, position, word, sound))
    return rows


def text_pools() -> dict[str, list[Row]]:
    """Return tables by name: first the column names, then the rows, numbered from 0.

    They come from the files in words/: what companies are and need, what salespeople note of them,
    and what customers answer. `mood` says in which texts a customer is content (good, bad, any), or
    has not bought yet (first).
    """
    tables: dict[str, list[Row]] = {}
    for name in ("campaigns", "comments", "industries", "needs", "summaries"):
        path = files("strata_lab.sample").joinpath("words", f"{name}.csv")
        header, *lines = csv.reader(path.read_text(encoding="utf-8").splitlines())
        rows: list[Row] = [(str(position), *line) for position, line in enumerate(lines)]
        tables[f"{name}_pool"] = [("position", *header), *rows]
    return tables


def place_pool() -> list[Row]:
    """Return rows (country, position, city, province, area_code, postcode_start, tax_region)."""
    places = [tuple(line.split(",")) for line in PLACES.strip().splitlines()]
    rows: list[Row] = []
    for country in LOCALES:
        known = [place for place in places if place[0] == country]
        # The first places come up three times as often as the last.
        weighted = known[:4] * 3 + known[4:10] * 2 + known[10:]
        for position, place in enumerate(islice(cycle(weighted), PLACE_COUNT)):
            rows.append((country, position, *place[1:]))
    return rows


def goods_pool() -> list[Row]:
    """Return rows (product_no, product_name, category, buyers, list_price): 200 products.

    `buyers` is business, consumer or both; `list_price` is in whole CNY.
    """
    rows: list[Row] = []
    for line in GOODS.strip().splitlines():
        category, buyers, lowest, highest, goods, variants = line.split("|")
        names = [f"{name} {kind}" for name in goods.split(",") for kind in variants.split(",")]
        ratio = (int(highest) / int(lowest)) ** (1 / (len(names) - 1))
        for position, name in enumerate(names):
            rows.append((len(rows) + 1, name, category, buyers, int(lowest) * ratio**position))
    return rows


def _ascii(value: str) -> str:
    """Return the letters a-z of a name, as used in an e-mail address."""
    plain = unicodedata.normalize("NFKD", value.lower().translate(UMLAUTS))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())
