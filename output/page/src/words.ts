/** The words of the interface, Chinese first. */

const WORDS = {
  title: ["规划知识图谱", "Planning knowledge graph"],
  map: ["全景图", "Map"],
  focus: ["邻域", "Neighbourhood"],
  path: ["路径", "Paths"],
  compare: ["对比", "Compare"],
  ask: ["提问", "Ask"],
  read: ["原文", "Documents"],
  views: ["视图", "Views"],
  search: ["搜索名称、别名或拼音首字母", "Search names, aliases, pinyin initials"],
  searchLabel: ["搜索实体", "Search entities"],
  results: ["个结果", "results"],
  noResults: ["没有匹配的实体", "No entity matches"],
  recent: ["最近搜索", "Recent"],
  filters: ["筛选", "Filters"],
  reset: ["全部重置", "Reset all"],
  type: ["实体类型", "Entity type"],
  predicate: ["关系", "Relation"],
  status: ["状态", "Status"],
  document: ["文件", "Document"],
  district: ["地区（含下级）", "District (with those below)"],
  period: ["时期", "Period"],
  confidence: ["置信度", "Confidence"],
  atLeast: ["不低于", "at least"],
  none: ["未注明", "not stated"],
  entities: ["实体", "entities"],
  claims: ["关系", "relations"],
  observations: ["指标数值", "figures"],
  documents: ["份文件", "documents"],
  shownOf: ["显示", "shown"],
  shared: ["多地共同提及", "Named by several districts"],
  table: ["列表", "Table"],
  picture: ["图形", "Picture"],
  edges: ["显示全部关系线", "Draw all relations"],
  zoomIn: ["放大", "Zoom in"],
  zoomOut: ["缩小", "Zoom out"],
  whole: ["显示全图", "Show everything"],
  canvas: ["图谱画布：方向键平移，加减号缩放；旁边的“列表”给出同样内容", "Graph canvas: arrow keys pan, plus and minus zoom; “Table” gives the same content"],
  language: ["English", "中文"],
  theme: ["深浅色", "Light or dark"],
  close: ["关闭", "Close"],
  back: ["后退", "Back"],
  forward: ["前进", "Forward"],
  aliases: ["别名", "Also called"],
  code: ["代码", "Code"],
  links: ["链接", "Links"],
  mentionedIn: ["出处", "Mentioned in"],
  times: ["次", "times"],
  facts: ["关系", "Relations"],
  figures: ["数值", "Figures"],
  quotes: ["原文", "Quotes"],
  evidence: ["原文依据", "Evidence"],
  copy: ["复制引文", "Copy citation"],
  copied: ["已复制", "Copied"],
  openInText: ["在原文中查看", "Read in the document"],
  expand: ["展开", "Expand"],
  collapse: ["收起", "Collapse"],
  pin: ["固定", "Pin"],
  unpin: ["取消固定", "Unpin"],
  hide: ["隐藏", "Hide"],
  unhide: ["恢复隐藏的实体", "Show hidden entities"],
  pathFrom: ["查找路径", "Find paths"],
  addCompare: ["加入对比", "Add to comparison"],
  more: ["还有", "more:"],
  moreUnit: ["个", ""],
  showAll: ["显示全部", "Show all"],
  subject: ["主体", "Subject"],
  object: ["客体", "Object"],
  relation: ["关系", "Relation"],
  quote: ["原文", "Quote"],
  indicator: ["指标", "Indicator"],
  value: ["数值", "Value"],
  kind: ["性质", "Kind"],
  adopted: ["通过日期", "Adopted"],
  loaded: ["已载入部分", "of what is loaded"],
  name: ["名称", "Name"],
  statements: ["陈述数", "Statements"],
  rule: ["抽取规则", "Rule"],
  page: ["第{}页", "page {}"],
  characters: ["字符", "characters"],
  reference: ["参考数据", "Reference data"],
  noFacts: ["图中没有该实体的关系。", "The graph holds no relation of this entity."],
  nothing: ["没有符合筛选条件的内容。", "Nothing passes the filters."],
  unknown: ["图中没有这个实体：", "The graph has no such entity: "],
  start: [
    "每个圆点是一个实体，每座岛是一个地区的规划文件；多地共同提及的实体在中间。点击实体，查看它的关系与每条关系的原文。",
    "Every dot is an entity, every island one district's documents; what several districts name lies in the middle. Click an entity to see its relations and the sentence behind each.",
  ],
  corpus: ["文件", "Documents"],
  top: ["最常提及", "Most attested"],
  from: ["起点", "From"],
  to: ["终点", "To"],
  swap: ["互换", "Swap"],
  choose: ["选择实体", "Choose an entity"],
  noPath: ["在当前筛选下没有路径。", "There is no path under these filters."],
  noServedPath: ["服务器在六步以内没有找到路径。", "The server found no path of six steps or fewer."],
  servedPaths: ["服务器查找路径时不考虑筛选和隐藏。", "The server finds paths without regard to filters and hidden entities."],
  pathHelp: ["选择两个实体，查看它们之间的最短路径及每一步的原文。", "Choose two entities to see the shortest paths between them and the sentence of each step."],
  through: ["没有绕开文件所属地区的路径；以下路径经过这些地区。", "No path avoids the issuing districts; these go through them."],
  steps: ["步", "steps"],
  viaPath: ["路径", "Path"],
  skipHubs: ["不经过文件所属地区", "Not through the issuing districts"],
  compareHelp: ["选择两到五个地区，比较它们的产业、园区、政策与指标。", "Choose two to five districts to compare industries, parks, policies and indicators."],
  aspect: ["比较内容", "Aspect"],
  sharedBy: ["个地区共有", "districts share it"],
  onlyShared: ["只看共有", "Shared only"],
  gap: ["未提及", "not stated"],
  reader: ["原文阅读", "Document reader"],
  contents: ["目录", "Contents"],
  mentions: ["处实体", "mentions"],
  next: ["下一处", "Next"],
  previous: ["上一处", "Previous"],
  run: ["运行", "Run"],
  sparql: ["SPARQL 查询", "SPARQL query"],
  questions: ["现成问题", "Named questions"],
  rows: ["行", "rows"],
  csv: ["下载 CSV", "Download CSV"],
  turtle: ["下载 Turtle", "Download Turtle"],
  png: ["图片 PNG", "PNG image"],
  svg: ["图片 SVG", "SVG image"],
  exports: ["导出", "Export"],
  selection: ["当前所选", "current selection"],
  wholeGraph: ["全图", "whole graph"],
  asking: ["正在向服务器查询…", "Asking the server…"],
  unreachable: ["服务器没有回答：", "The server did not answer: "],
  overviewOf: [
    "图谱太大，无法放进一个文件：这里是概览，只有最常提及的地区、园区、产业和其他实体，每条关系只附一句原文，没有文件全文。查看全部内容请运行：",
    "This graph is too large for one file: here is its overview, the most attested districts, parks, industries and others, one sentence for each relation, no full texts. To see all of it run: ",
  ],
  servedOf: [
    "地图上是概览：最常提及的地区、园区、产业和其他实体。搜索、邻域、路径、对比和原文都向服务器查询全图；左侧筛选计数只包括已载入的部分。",
    "The map is an overview: the most attested districts, parks, industries and others. Search, neighbourhoods, paths, comparison and texts ask the server about the whole graph; the counts beside the filters are of what is loaded.",
  ],
  ofAll: ["共", "of"],
  noText: ["服务器没有这份文件的全文。", "The server does not have the text of this document."],
  overviewText: ["概览中没有文件全文。", "The overview holds no full texts."],
  selectionTurtle: ["下载当前所选的 Turtle", "Turtle of the current selection"],
  loading: ["正在启动查询引擎…", "Starting the query engine…"],
  noEngine: ["此页面未包含查询引擎。", "This page was made without the query engine."],
  failed: ["查询出错：", "The query failed: "],
  skip: ["跳到主要内容", "Skip to content"],
  licences: ["许可", "Licences"],
  help: ["帮助", "Help"],
  merges: ["合并理由", "Why these names are one"],
  history: ["历次数值", "Values over time"],
  all: ["全部", "all"],
} as const;

export type WordKey = keyof typeof WORDS;

export class Words {
  lang: "zh" | "en" = "zh";
  private readonly vocabulary = new Map<string, { zh: string; en: string; zh_note?: string; en_note?: string }>();

  constructor(groups: Record<string, { i: string; zh: string; en: string; zh_note?: string; en_note?: string }[]>) {
    for (const group of Object.values(groups)) for (const word of group) this.vocabulary.set(word.i, word);
    this.vocabulary.set("five-year plan", { zh: "五年规划纲要", en: "five-year plan" });
    this.vocabulary.set("government work report", { zh: "政府工作报告", en: "government work report" });
    this.vocabulary.set("other", { zh: "其他文件", en: "other document" });
  }

  say(key: WordKey): string {
    return WORDS[key][this.lang === "zh" ? 0 : 1];
  }

  /** The label of a type, relation, status or kind. */
  term(name: string): string {
    return this.vocabulary.get(name)?.[this.lang] ?? name;
  }

  note(name: string): string {
    const word = this.vocabulary.get(name);
    return (this.lang === "zh" ? word?.zh_note : word?.en_note) ?? "";
  }

  /** A relation read from its object: "位于" becomes "位于此", to tell the two directions apart. */
  relation(predicate: string, out: boolean): string {
    const term = this.term(predicate);
    if (out) return `${term} →`;
    return `← ${term}`;
  }
}
