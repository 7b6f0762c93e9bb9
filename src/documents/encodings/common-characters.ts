/*
 * The characters that are read every day, of each language that writes thousands of them. What is read in the wrong set lands among the others.
 */
const simplified = '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处府研究北南东左右门口海河湖岛江州阴阳红绿青白紫衣裤鞋帽眼耳鼻嘴脚脸身病痛药死笑哭跑走坐站睡醒听读写画唱跳玩游泳球赛队跟给拿送找丢忘记懂念爱恨怕急忙闲累饿渴冷热暖凉快慢远近旧胖瘦美丑贵便宜真假错难易简单复杂密码票姓名龄录钥匙箱蓝黄黑银铁钱账号址邮档章节页格片话联购买价费税率收支签订客户服务软硬网络库序测试版更安装载传登注册置帮助返首今昨周星早晚午夜春夏秋冬风雨雪晴吃喝茶饭菜肉鱼米妈爸哥姐弟妹男女孩朋友师医院店商场车街县省市村京沪台湾香港城楼房屋租卖借存款万亿千百零半谁哪吗呢吧啊您咱器习议李王张刘陈杨赵吴徐孙马朱胡林郭何罗郑梁谢宋唐报告苹蛋咖啡糖油盐健康教育科音乐影视频照闻消息附夹协预算划讨讲座培训考绩班课毕项目秘书司职招聘贷保险股金投旅酒火航证护温警察防士诊断检查治疗术感冒烧咳嗽疼牛奶鸡包蔬土豆番茄洗冰空调沙床桌椅灯窗厨卧室钟伞镜猫狗鸟花草树叶森谷漠岸洋巴拉克斯尼亚达奥维瓦塔卡莫哈伊萨德兰瑞牙葡萄英俄印泰越韩朝鲜非洲欧共群邦际织历史语言宗哲艺绘雕塑筑键盘鼠标屏幕误编译函循环输随备份恢删除粘贴剪切撤销搜索替换'
const traditional = '的一是在不了有和人這中大為上個國我以要他時來用們生到作地于出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經十三之進着等部度家電力里如水化高自二理起小物現實加量都兩體制機當使點從業本去把性好應開它合還因由其些然前外天政四日那社義事平形相全表間樣與關各重新線內數正心反你明看原又麼利比或但質氣第向道命此變條只沒結解問意建月公無系軍很情者最立代想已通并提直題黨程展五果料象員革位入常文總次品式活設及管特件長求老頭基資邊流路級少圖山統接知較將組見計別她手角期根論運農指幾九區強放決西被幹做必戰先回則任取據處府研究北南東左右門口海河湖岛江州阴陽紅綠青白紫衣裤鞋帽眼耳鼻嘴脚脸身病痛藥死笑哭跑走坐站睡醒聽读寫畫唱跳玩游泳球赛隊跟給拿送找丢忘記懂念愛恨怕急忙闲累饿渴冷熱暖凉快慢遠近旧胖瘦美丑贵便宜真假错難易简單復雜密碼票姓名齡錄鑰匙箱藍黃黑銀鐵錢賬號址邮档章節页格片話聯购買價費税率收支签訂客户服務软硬網络库序测试版更安裝载傳登注册置帮助返首今昨周星早晚午夜春夏秋冬風雨雪晴吃喝茶饭菜肉鱼米媽爸哥姐弟妹男女孩朋友師醫院店商場車街縣省市村京沪台灣香港城楼房屋租賣借存款萬亿千百零半誰哪嗎呢吧啊您咱器習議李王張刘陈杨赵吴徐孙马朱胡林郭何罗郑梁謝宋唐報告試蘋蛋咖啡糖油鹽健康教育科音樂影視頻照聞消息郵附檔案夾約協預算劃討講座培訓考績班課畢項目秘書戶司職招聘貸保險股金投旅遊酒火航簽證護溫警察防士診斷檢查治療術感冒燒咳嗽疼牛奶雞麵包蔬馬鈴薯番茄洗冰空調沙床桌椅燈窗廚臥室鐘錶傘鏡貓狗鳥花草樹葉森谷漠岸洋巴拉克斯尼亞達羅奧維瓦塔卡莫哈伊薩德蘭瑞牙葡萄英俄印泰越韓朝鮮非洲歐共群島邦際織歷史語言宗哲藝繪雕塑築鍵盤滑鼠螢幕軟錯誤執編譯函迴圈輸隨備份恢刪除複製貼剪搜尋週裡'
const japanese = '一右雨円王音下火花貝学気九休玉金空月犬見五口校左三山子四糸字耳七車手十出女小上森人水正生青夕石赤千川先早草足村大男竹中虫町天田土二日入年白八百文木本名目立力林六引羽雲園遠何科夏家歌画回会海絵外角楽活間丸岩顔汽記帰弓牛魚京強教近兄形計元言原戸古午後語工公広交光考行高黄合谷国黒今才細作算止市矢姉思紙寺自時室社弱首秋週春書少場色食心新親図数西声星晴切雪船線前組走多太体台地池知茶昼長鳥朝直通弟店点電刀冬当東答頭同道読内南肉馬売買麦半番父風分聞米歩母方北毎妹万明鳴毛門夜野友用曜来里理話悪安暗医委意育員院飲運泳駅央横屋温化荷界開階寒感漢館岸起期客究急級宮球去橋業曲局銀区苦具君係軽血決研県庫湖向幸港号根祭皿仕死使始指歯詩次事持式実写者主守取酒受州拾終習集住重宿所暑助昭消商章勝乗植申身神真深進世整昔全相送想息速族他打対待代第題炭短談着注柱丁帳調追定庭笛鉄転都度投豆島湯登等動童農波配倍箱畑発反坂板皮悲美鼻筆氷表秒病品負部服福物平返勉放味命面問役薬由油有遊予羊洋葉陽様落流旅両緑礼列練路和愛案以衣位囲胃印英栄塩億加果貨課芽改械害街各覚完官管関観願希季紀喜旗器機議求泣救給挙漁共協鏡競極訓軍郡径型景芸欠結建健験固功好候航康告差菜最材昨札刷殺察参産散残士氏史司試児治辞失借種周祝順初松笑唱焼象照賞臣信成省清静席積折節説浅戦選然争倉巣束側続卒孫帯隊達単置仲貯兆腸低底停的典伝徒努灯堂働特得毒熱念敗梅博飯飛費必票標不夫付府副粉兵別辺変便包法望牧末満未脈民無約勇要養浴利陸良料量輪類令冷例歴連老労録々郎藤岡阪奈誰購請資齢績鍵忘乳務税額価格証報確認絡設情技術製造販契個条件営支払担署提限締承添保存在備届込私彼僕寝'
const korean = '이다는의에을가고로하를은기도사지한리자서인어나대니시있아으라일정수그만들부제상보전면구장해원것게여주조선스우성동문요안되비공생적과신관국세위경등학무소말개방유미결물금같때오러음당모반연운화재와각명실점발산진교본까민식받데양분려년회체간표월건후영계행작설최내람근너겠란르저습입야단네외용심업력속통출중예형법석천약질강권청급합준복남태률객녕감죄송메호번록길홍름날씨좋열쇠파밀울끝바트버터크프램털컴퓨드레케키티타토코피포카페노브던집밖쪽옆뒤앞래침녁밥먹마셔싶없많빨검흰'

export type ManyCharacters = 'simplified' | 'traditional' | 'japanese' | 'korean'

const common: Readonly<Record<ManyCharacters, ReadonlySet<string>>> = { simplified: new Set(simplified), traditional: new Set(traditional), japanese: new Set(japanese), korean: new Set(korean) }
const ofAny: ReadonlySet<string> = new Set(simplified + traditional + japanese + korean)

/** Where the standards of each language have the characters that their authors took for needed, before the others: first and last byte, of the first of two. */
const needed: Readonly<Record<ManyCharacters, readonly [encoding: string, from: number, to: number]>> = {
  simplified: ['gb18030', 0xb0, 0xd7], traditional: ['big5', 0xa4, 0xc6], japanese: ['euc-jp', 0xb0, 0xcf], korean: ['euc-kr', 0xb0, 0xc8],
}
const known = new Map<ManyCharacters, ReadonlySet<string>>()

/** Whether a character is of the first level of its language's standard: some thousands. */
export function isKnown(character: string, language: ManyCharacters): boolean {
  const characters = known.get(language) ?? firstLevel(language)
  known.set(language, characters)
  return characters.has(character)
}

function firstLevel(language: ManyCharacters): ReadonlySet<string> {
  const [encoding, from, to] = needed[language]
  const bytes: number[] = []
  const trails = (first: number, last: number, lead: number): void => {
    for (let trail = first; trail <= last; trail += 1) bytes.push(lead, trail)
  }
  for (let lead = from; lead <= to; lead += 1) {
    if (language === 'traditional') trails(0x40, 0x7e, lead)
    trails(0xa1, 0xfe, lead)
  }
  return new Set(new TextDecoder(encoding).decode(Uint8Array.from(bytes)))
}

/** @param language undefined: of any */
export const isCommon = (character: string, language: ManyCharacters | undefined): boolean => (language === undefined ? ofAny : common[language]).has(character)
