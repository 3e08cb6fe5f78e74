// The lessons: states of the page in an order, with two sentences each.
Object.assign(WORDS.en, {
  lessons: "Lessons", lessonBefore: "Back", lessonNext: "Next", lessonClose: "Close the lesson",
  lessonPlace: (place, all) => `${place} of ${all}`, lessonStart: "choose a lesson ...",
  lessonChanged: "The layers or the input are changed: they are no longer the lesson's.", lessonAgain: "Back to the lesson",
});
Object.assign(WORDS.zh, {
  lessons: "课程", lessonBefore: "上一课", lessonNext: "下一课", lessonClose: "关闭课程",
  lessonPlace: (place, all) => `第 ${place} 课，共 ${all} 课`, lessonStart: "请选择一课……",
  lessonChanged: "层或输入已改动，不再是这一课的内容。", lessonAgain: "回到这一课",
});

const stackOf = (count, layer) => `nn.Sequential(${Array(count).fill(layer).join(", ")})`;

const LESSONS = [
  {
    id: "padding", layers: "nn.Conv2d(1, 1, kernel_size=3, padding=1)", input: "8x8", cell: [0, 0],
    en: ["Experiment 1: one row and column of padding on every side",
      "A 3x3 kernel takes two rows and two columns away, and the padding gives them back: 8 + 1 + 1 - 3 + 1 = 8. The output in the corner reads four numbers of the input and five zeros around it."],
    zh: ["实验 1：四周各填充一行一列",
      "3x3 的卷积核使高和宽各减少 2，填充又把它们补回来：8 + 1 + 1 - 3 + 1 = 8。角上的输出读取输入的 4 个元素和外面的 5 个零。"],
  },
  {
    id: "rectangle", layers: "nn.Conv2d(1, 1, kernel_size=(5, 3), padding=(2, 1))", input: "8x8", cell: [3, 3],
    en: ["Experiment 2: another padding for height than for width",
      "Height and width are reckoned apart: a kernel of 5 rows needs two rows of padding per side, one of 3 columns one column. An odd kernel keeps the size with (kernel - 1) / 2 per side."],
    zh: ["实验 2：高和宽的填充不同",
      "高和宽分开计算：5 行的卷积核每侧需要填充 2 行，3 列的卷积核每侧需要填充 1 列。奇数大小的卷积核每侧填充（核大小 - 1）/ 2，就能保持尺寸。"],
  },
  {
    id: "stride", layers: "nn.Conv2d(1, 1, kernel_size=3, padding=1, stride=2)", input: "8x8", cell: [1, 1],
    en: ["Experiment 3: a stride of 2",
      "The window moves two cells at a time, so it fits four times: floor((8 + 1 + 1 - 3) / 2) + 1 = 4. With the right padding a stride of 2 halves the size."],
    zh: ["实验 3：步幅为 2",
      "窗口每次移动两格，所以只能放 4 次：floor((8 + 1 + 1 - 3) / 2) + 1 = 4。配合合适的填充，步幅 2 使尺寸减半。"],
  },
  {
    id: "different", layers: "nn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4))", input: "8x8", cell: [1, 1],
    en: ["Experiment 4: everything different, and the output is 2x2",
      "Height: floor((8 - 3) / 3) + 1 = 2; width: floor((8 + 1 + 1 - 5) / 4) + 1 = 2. Behind the second window two rows are left, too few for another step of 3: no window reads rows 6 and 7."],
    zh: ["实验 4：全部不同，输出是 2x2",
      "高：floor((8 - 3) / 3) + 1 = 2；宽：floor((8 + 1 + 1 - 5) / 4) + 1 = 2。第二个窗口之后还剩两行，不够再走一步 3 行，所以没有窗口读取第 6 行和第 7 行。"],
  },
  {
    id: "even", layers: "nn.Conv2d(1, 1, kernel_size=4, padding='same')", input: "8x8", cell: [0, 0],
    en: ["Even kernels",
      "A kernel of 4 needs three rows of padding in all, which cannot be halved. PyTorch's 'same' puts one in front and two behind; the notes of d2l put two in front (“Two settings side by side” compares them)."],
    zh: ["偶数大小的卷积核",
      "大小为 4 的卷积核一共需要填充 3 行，无法平分。PyTorch 的 'same' 前面填 1 行、后面填 2 行，d2l 的笔记则前面填 2 行（可在“两组设置并排比较”中对照）。"],
  },
  {
    id: "unread", layers: "nn.Conv2d(1, 1, kernel_size=2, stride=4)", input: "10x10", cell: [1, 1],
    en: ["A stride larger than the kernel",
      "The window is 2 wide and moves by 4, so it steps over two rows and two columns each time: 2, 3, 6 and 7 are read by none. Whatever stands there changes no output."],
    zh: ["步幅大于卷积核",
      "窗口宽 2，却每次移动 4，于是每次跨过两行两列：第 2、3、6、7 行和列没有任何窗口读取。那里无论是什么数，输出都不变。"],
  },
  {
    id: "dilation", layers: "nn.Conv2d(1, 1, kernel_size=3, dilation=2)", input: "9x9", cell: [2, 2],
    en: ["Dilation and its holes",
      "Dilation 2 leaves one cell out between neighbouring taps: nine weights span 5x5 cells. The kernel sees farther at the same cost, and nothing of what lies in the holes."],
    zh: ["膨胀率与空隙",
      "膨胀率 2 使相邻的核元素之间空出一格：9 个权重跨越 5x5 个元素。卷积核以同样的代价看得更远，但看不到空隙里的内容。"],
  },
  {
    id: "gridding", layers: "nn.Sequential(nn.Conv2d(1, 1, 3, dilation=2), nn.Conv2d(1, 1, 3, dilation=4))", input: "20x20", row: 1, cell: [3, 3],
    en: ["Dilation 2, then 4: holes that stay",
      "One output of the second layer spans 13x13 pixels and sees 49 of them, every other row and column. Neighbouring outputs see no pixel in common; a layer with dilation 1 among them closes the holes."],
    zh: ["膨胀率先 2 后 4：空隙仍在",
      "第二层的一个输出跨越 13x13 个像素，却只看到其中 49 个，隔行隔列。相邻的输出没有任何共同的像素；中间加一个膨胀率为 1 的层就能填上空隙。"],
  },
  {
    id: "one", layers: "nn.Conv2d(3, 2, kernel_size=1)", input: "3x4x4", cell: [1, 1],
    en: ["A 1x1 kernel",
      "It looks at one pixel and mixes its channels: at each pixel the same matrix of 2x3 weights makes two channels of three. Height and width stay as they are."],
    zh: ["1x1 卷积核",
      "它只看一个像素，把各通道混合起来：在每个像素上，同一个 2x3 的权重矩阵把 3 个通道变成 2 个。高和宽保持不变。"],
  },
  {
    id: "depthwise", layers: "nn.Conv2d(4, 4, kernel_size=3, padding=1, groups=4)", input: "4x8x8", cell: [3, 3],
    en: ["Depthwise: each channel has its own kernel",
      "With as many groups as channels no channel sees another: 4 x 9 = 36 weights in place of 4 x 4 x 9 = 144. A 1x1 convolution behind it mixes the channels again."],
    zh: ["深度卷积：每个通道有自己的卷积核",
      "分组数等于通道数时，各通道互不相见：只要 4 x 9 = 36 个权重，而不是 4 x 4 x 9 = 144 个。后面再接一个 1x1 卷积来混合通道。"],
  },
  {
    id: "transposed", layers: "nn.ConvTranspose2d(1, 1, kernel_size=3, stride=2, padding=1, output_padding=1)", input: "4x4", cell: [3, 3],
    en: ["A transposed convolution with output_padding",
      "Each input is spread over a 3x3 window of the output, two cells farther each time; padding=1 cuts one row and column off on every side, which leaves 7. output_padding=1 adds one behind: 8, the size of which a stride of 2 made these 4."],
    zh: ["带 output_padding 的转置卷积",
      "每个输入铺到输出的一个 3x3 窗口上，窗口每次前进两格；padding=1 在每侧裁去一行一列，剩下 7。output_padding=1 在末尾补一行一列，得到 8，正是步幅 2 能变成 4 的尺寸。"],
  },
  {
    id: "pooling", layers: "nn.MaxPool2d(kernel_size=2)", input: "4x4", cell: [0, 1],
    en: ["Pooling",
      "Of each 2x2 window the largest number is left. A pool has no weights, treats each channel alone, and moves by its own size unless another stride is given."],
    zh: ["汇聚",
      "每个 2x2 窗口只留下最大的数。汇聚层没有权重，各通道分别处理；不指定步幅时，步幅等于窗口大小。"],
  },
  {
    id: "stack", layers: stackOf(3, "nn.Conv2d(1, 1, 3)"), input: "11x11", row: 2, cell: [2, 2],
    en: ["Three 3x3 layers see what one 7x7 kernel sees",
      "Each layer adds one pixel on every side: 3x3, 5x5, 7x7. Three kernels have 27 weights, one of 7x7 has 49."],
    zh: ["三层 3x3 看到的等于一个 7x7 卷积核看到的",
      "每一层在每侧增加一个像素：3x3、5x5、7x7。三个卷积核有 27 个权重，一个 7x7 的卷积核有 49 个。"],
  },
  {
    id: "claim", layers: stackOf(55, "nn.Conv2d(1, 1, 5)"), input: "224x224", row: 43, cell: [24, 24],
    en: ["“44 layers bring 224x224 down to 4x4”: they do not",
      "Each 5x5 layer without padding takes four rows: after 44 layers (43 in the table, which counts from 0) 48 are left. It takes (224 - 4) / 4 = 55 layers; 44 would be right for 6x6 kernels."],
    zh: ["“44 层把 224x224 变成 4x4”：不对",
      "每个没有填充的 5x5 层减少 4 行：44 层之后（表中从 0 数起，是第 43 层）还剩 48 行。需要 (224 - 4) / 4 = 55 层；若是 6x6 的卷积核，44 层才对。"],
  },
];

const lessons = {
  /** The place of the lesson that the state belongs to, or -1. */
  place() {
    return LESSONS.findIndex(({ id }) => id === state.lesson);
  },

  /** Writes the menu in the page's language. */
  build() {
    byId("lesson").replaceChildren(element("option", words.lessonStart, { value: "" }),
        ...LESSONS.map((lesson, place) => element("option", `${place + 1}. ${lesson[language][0]}`, { value: place })));
    this.show();
  },

  /** Shows the lesson's text as long as its question is asked, and then the way back to it. */
  show() {
    const place = this.place();
    const lesson = LESSONS[place];
    const isChanged = lesson !== undefined && (state.layers !== lesson.layers || state.input !== lesson.input);
    const text = isChanged ? words.lessonChanged : lesson ? lesson[language][1] : "";
    byId("lesson").value = lesson ? place : "";
    byId("lesson-text").hidden = byId("lesson-close").hidden = !lesson;
    if (byId("lesson-text").textContent !== text) byId("lesson-text").textContent = text;
    byId("lesson-again").hidden = !isChanged;
    byId("lesson-place").textContent = lesson ? words.lessonPlace(place + 1, LESSONS.length) : "";
    byId("lesson-before").disabled = place <= 0;
    byId("lesson-next").disabled = place >= LESSONS.length - 1;
  },

  open(place) {
    if (!LESSONS[place]) return;
    const { id, layers, input, row, cell } = LESSONS[place];
    ask({ ...FRESH, lesson: id, layers, input, cell, ...(row === undefined ? {} : { row }) }, "lesson", true);
  },

  close() {
    ask({ lesson: "" });
  },

  /** A link with a lesson alone opens it; with a state, too, it stands over that state. */
  recall(fields) {
    if (!fields.has("layers")) this.open(this.place());
  },
};

byId("lesson").addEventListener("change", () => {
  if (byId("lesson").value === "") lessons.close();
  else lessons.open(Number(byId("lesson").value));
});
byId("lesson-before").addEventListener("click", () => lessons.open(lessons.place() - 1));
byId("lesson-next").addEventListener("click", () => lessons.open(lessons.place() + 1));
byId("lesson-again").addEventListener("click", () => lessons.open(lessons.place()));
byId("lesson-close").addEventListener("click", () => lessons.close());
