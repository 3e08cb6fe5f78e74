// The core's errors that the sliders can reach, in Chinese. What is not among them stays English,
// and is marked so.
const NUMBER = "(-?[\\d,]+)";
const CHINESE_ERRORS = [
  ["(.*?)the kernel does not fit\\.", (where) => `${where}卷积核放不下。`],
  [`It spans ${NUMBER}(?: \\(dilation ${NUMBER} x \\(kernel ${NUMBER} - 1\\) \\+ 1\\))? but the padded input is ${NUMBER} \\(input ${NUMBER} \\+ padding ${NUMBER} \\+ ${NUMBER}\\)(?:, and may hang over by ${NUMBER})?\\.`,
    (span, dilation, kernel, padded, input, before, after, over) => `卷积核跨 ${span} 个位置${dilation ? `（膨胀率 ${dilation} × (核大小 ${kernel} - 1) + 1）` : ""}，而填充后的输入只有 ${padded}（输入 ${input} + 填充 ${before} + ${after}）${over ? `，最多可以超出 ${over}` : ""}。`],
  [`Use (?:padding >= ${NUMBER}, )?(?:dilation (<= )?${NUMBER}, )?(?:kernel <= ${NUMBER}, )?or an input of at least ${NUMBER} here(?: \\(${NUMBER} at the network's input\\))?\\.`,
    (padding, isMost, dilation, kernel, input, network) => `可以：${[padding && `填充 ≥ ${padding}`, dilation && `膨胀率 ${isMost ? "≤ " : ""}${dilation}`, kernel && `卷积核 ≤ ${kernel}`, `这里的输入至少为 ${input}`].filter(Boolean).join("，或")}${network ? `（网络输入至少为 ${network}）` : ""}。`],
  [`(.*?)the input has the wrong number of channels\\.`, (where) => `${where}输入的通道数不对。`],
  [`in_channels is ${NUMBER} but the input has ${NUMBER}: (\\[.*\\])\\.`, (layer, input, shape) => `in_channels 为 ${layer}，而输入有 ${input} 个通道：${shape}。`],
  [`Use in_channels=${NUMBER}, or an input of ${NUMBER} channels\\.`, (layer, input) => `可以：in_channels=${layer}，或使用 ${input} 个通道的输入。`],
  [`(.*?)groups must divide both channel counts\\.`, (where) => `${where}分组数必须同时整除输入通道数和输出通道数。`],
  [`Here in_channels is ${NUMBER}, out_channels is ${NUMBER} and groups is ${NUMBER}\\.`, (input, output, groups) => `这里输入通道为 ${input}，输出通道为 ${output}，分组数为 ${groups}。`],
  ["Use one of groups=(.*)\\.", (groups) => `可用的分组数：${groups}。`],
  ["(.*?)(kernel_size|stride|dilation) must be at least 1 on every axis\\.", (where, name) => `${where}${TERMS[name]}在每个方向上至少为 1。`],
  ["(.*?)(groups|in_channels|out_channels|kernel|stride|dilation|input) must be at least 1\\.", (where, name) => `${where}${TERMS[name]}至少为 1。`],
  [`(.*?)(in_channels|out_channels) must be at least 1, not ${NUMBER}\\.`, (where, name, value) => `${where}${TERMS[name]}至少为 1，不能是 ${value}。`],
  ["(.*?)(padding|output_padding) must not be negative\\.", (where, name) => `${where}${TERMS[name]}不能是负数。`],
  ["(.*?)(padding|output_padding) must be at least 0 on every axis\\.", (where, name) => `${where}${TERMS[name]}在每个方向上至少为 0。`],
  [`Here it is ${NUMBER}(?: for the (height|width|length))?\\.`, (value, axis) => `这里${axis ? `${TERMS[axis]}方向` : ""}是 ${value}。`],
  [`Use (kernel_size|stride|dilation|groups|in_channels|out_channels|padding|output_padding|kernel)[ =]${NUMBER} or more\\.`, (name, value) => `请用 ${TERMS[name]} ≥ ${value}。`],
  ["Use padding 0 or more; to cut rows off, use a ZeroPad2d with negative numbers\\.", () => "请用 0 或更大的填充；要裁掉几行，请用负数的 ZeroPad2d。"],
  ["Use LazyConv2d to take it from the input\\.", () => "要由输入决定通道数，请用 LazyConv2d。"],
  ["(.*?)padding='same' needs stride 1\\.", (where) => `${where}padding='same' 要求步幅为 1。`],
  [`The stride here is ${NUMBER}; PyTorch rejects it too\\.`, (stride) => `这里的步幅是 ${stride}；PyTorch 也不接受。`],
  ["Use stride=1, a padding in numbers, or padding='same_upper' \\(ONNX, TensorFlow\\)\\.", () => "可以：stride=1，或用数字给出填充，或 padding='same_upper'（ONNX、TensorFlow）。"],
  ["(.*?)a pool's padding must be at most half of its kernel\\.", (where) => `${where}汇聚层的填充最多为核的一半。`],
  [`The padding is ${NUMBER} per side but the kernel is ${NUMBER}\\.`, (padding, kernel) => `每侧填充 ${padding}，而核为 ${kernel}。`],
  [`Use padding <= ${NUMBER}, or kernel_size >= ${NUMBER}\\.`, (padding, kernel) => `可以：填充 ≤ ${padding}，或核 ≥ ${kernel}。`],
  ["(.*?)average pooling has no dilation\\.", (where) => `${where}平均汇聚层没有膨胀率。`],
  ["(.*?)output_padding must be smaller than the stride or the dilation\\.", (where) => `${where}输出填充必须小于步幅或膨胀率。`],
  [`It is ${NUMBER} where the stride is ${NUMBER} and the dilation is ${NUMBER}\\.`, (value, stride, dilation) => `这里输出填充为 ${value}，步幅为 ${stride}，膨胀率为 ${dilation}。`],
  [`Use output_padding <= ${NUMBER}\\.`, (value) => `请用输出填充 ≤ ${value}。`],
  ["(.*?)nothing is left of the output\\.", (where) => `${where}输出什么都不剩。`],
  [`\\(input ${NUMBER} - 1\\) x stride ${NUMBER} \\+ span ${NUMBER} \\+ output_padding ${NUMBER} - 2 x padding ${NUMBER} = ${NUMBER}\\.`,
    (input, stride, span, more, padding, size) => `(输入 ${input} - 1) × 步幅 ${stride} + 跨度 ${span} + 输出填充 ${more} - 2 × 填充 ${padding} = ${size}。`],
  [`Use padding <= ${NUMBER}, or an input of at least ${NUMBER} here(?: \\(${NUMBER} at the network's input\\))?\\.`,
    (padding, input, network) => `可以：填充 ≤ ${padding}，或这里的输入至少为 ${input}${network ? `（网络输入至少为 ${network}）` : ""}。`],
  ["(.*?)reflected padding must be smaller than the input\\.", (where) => `${where}镜像填充必须小于输入。`],
  ["(.*?)circular padding must not be larger than the input\\.", (where) => `${where}循环填充不能大于输入。`],
  [`The padding is ${NUMBER} but the input is ${NUMBER}\\.`, (padding, input) => `填充为 ${padding}，而输入为 ${input}。`],
  ["(.*?)the numbers are too large\\.", (where) => `${where}数字太大。`],
  ["A size, a parameter count or a number of multiply-adds passes 2\\^63 - 1\\.", () => "有一个大小、参数量或乘加次数超过了 2^63 - 1。"],
  ["Use smaller sizes\\.", () => "请用更小的数。"],
  ["'(.*)' is not an input\\. Use HxW, .*", (text) => `“${text}”不是输入的大小。请写成 HxW、CxHxW 或 NxCxHxW，每个数至少为 1，例如 8x8、3x224x224、1x3x224x224；一维或三维的层用 L 或 DxHxW 代替 HxW。`],
  ["'(.*)' is not an input of (\\w+)\\. Use (.*?), (.*?) or (.*?), such as (.*?), (.*?) or (.*?)\\.", (text, layer, a, b, c, d, e, f) => `“${text}”不能作为 ${layer} 的输入。请写成 ${a}、${b} 或 ${c}，例如 ${d}、${e}、${f}。`],
].map(([pattern, say]) => [new RegExp(`^${pattern}$`), say]);
const TERMS = {
  kernel_size: "卷积核", kernel: "卷积核", stride: "步幅", dilation: "膨胀率", groups: "分组数", in_channels: "输入通道数", out_channels: "输出通道数",
  padding: "填充", output_padding: "输出填充", input: "输入", height: "高", width: "宽", length: "长",
};

/** An error in the page's language, where it is known: {text, lang}. */
function translated(error) {
  if (language === "en") return { text: error, lang: "en" };
  const lines = error.split("\n").map((line) => {
    if (/^\s/.test(line)) return line; // the user's own text, and a mark below it
    for (const [pattern, say] of CHINESE_ERRORS) {
      const found = pattern.exec(line);
      if (found) return say(...found.slice(1).map((part) => placed(part)));
    }
    return undefined;
  });
  return lines.includes(undefined) ? { text: error, lang: "en" } : { text: lines.join("\n"), lang: "zh-CN" };
}

/** Where a fault is: `line 1, column 4: `, `Conv2d(..), height: `. */
function placed(part) {
  return part?.replace(/line (\d+), column (\d+): /, "第 $1 行第 $2 列：")
    .replace(/layer ([\w.]+), /, "第 $1 层，")
    .replace(/, (height|width|length): $/, (_, axis) => `，${TERMS[axis]}：`)
    .replace(/^(height|width|length): $/, (_, axis) => `${TERMS[axis]}：`)
    .replace(/：(height|width|length): $/, (_, axis) => `：${TERMS[axis]}：`)
    .replace(/: $/, "：");
}
