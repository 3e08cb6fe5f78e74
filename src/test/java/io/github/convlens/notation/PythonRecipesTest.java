package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A recipe may be written as the Python that it stands for; the shapes are PyTorch's. */
class PythonRecipesTest {
  private static final String PRINT =
      """
      Net(
        (conv): Conv2d(4, 4, kernel_size=(1, 1))
        (norm): BatchNorm2d(4)
        (act): ReLU()
        (fc): Linear(in_features=120, out_features=7)
      )""";

  private static final String CHILDREN = "Net: conv norm act fc down? = ";

  private static Shaped shaped(String recipe) {
    Graph net = PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe));
    assertEquals(
        List.of(), net.notes().stream().filter(note -> note.isAssumption()).toList(), recipe);
    return Shapes.infer(net, new Shape(2, 4, 5, 6));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "return self.fc(torch.flatten(self.act(self.conv(x)), 1))~2, 7",
        "self.fc(F.relu(self.conv(x)).view(x.size(0), -1))~2, 7",
        "b = x.shape[0]; return self.fc(self.conv(x).reshape((b, -1)))~2, 7",
        "self.fc(x.view(-1, 120))~2, 7",
        "self.fc(x.contiguous().view([x.size(0), 120]))~2, 7",
        "x.view(x.size(0), 2, 2, -1)~2, 2, 2, 30",
        "torch.cat([self.conv(x), x], 1)~2, 8, 5, 6",
        "torch.cat((self.conv(x), x, x), dim=2)~2, 4, 15, 6",
        "x.mean([2, 3])~2, 4",
        "x.mean((2, 3), True)~2, 4, 1, 1",
        "torch.mean(x, dim=(2, 3), keepdim=True)~2, 4, 1, 1",
        "x.mean(-1).mean(-1)~2, 4",
        "x.flatten(1)~2, 120",
        "x.flatten(2).permute(0, 2, 1)~2, 30, 4",
        "torch.nn.functional.max_pool2d(x, kernel_size=(2, 3), stride=1)~2, 4, 4, 4",
        "nn.functional.adaptive_avg_pool2d(x, (1, 1)).flatten(1)~2, 4",
        "F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=False)~2, 4, 10, 12",
        "F.pad(x, (1, 2, 3, 4))~2, 4, 12, 9",
        "F.dropout(x, 0.5, self.training)~2, 4, 5, 6",
        "-self.conv(x)~2, 4, 5, 6",
        "y: Tensor = self.conv(x); return y~2, 4, 5, 6",
        "a, b = x.chunk(2, dim=1); return torch.matmul(a, b.permute(0, 1, 3, 2))~2, 2, 5, 5",
        "a, b = torch.split(x, [1, 3], dim=1); return b @ b.permute(0, 1, 3, 2)~2, 3, 5, 5",
        "x += self.conv(x); x *= 2; x~2, 4, 5, 6",
        "y = self.down(x) if self.down is not None else x; y = x if self.down is None else y; y~2, 4, 5, 6",
        "conv = self.conv(x); self.conv(conv)~2, 4, 5, 6",
        "x.softmax(dim=1).sigmoid()~2, 4, 5, 6"
      })
  void pythonsWordsAreRead(String value, String output) {
    Shape expected =
        new Shape(List.of(output.split(", ")).stream().mapToLong(Long::parseLong).toArray());
    assertEquals(expected, shaped(CHILDREN + value).output(), value);
  }

  @Test
  void aForwardOfSeveralLines() {
    String recipe =
        """
        Net: conv norm act fc down? =
            def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
                identity = x
                out = self.norm(self.conv(x))  # as printed
                for i in range(2):
                    y = self.act(out)
                    out = torch.cat((out, y), dim=1)

                out = out.mean([2, 3])
                if_absent = self.down?(identity)
                return out, if_absent
        Other: = x
        """;
    assertEquals(List.of(new Shape(2, 16), new Shape(2, 4, 5, 6)), shaped(recipe).outputs());
  }

  /** What the manual shows can be read, and its newer lines do what it says. */
  @Test
  void theExamplesOfThePapers() throws IOException {
    String examples = example("src/site/markdown/recipes.md", "# Recipes");
    assertEquals(10, RecipeParser.parse(examples).size());
    String conv = "Conv2d(4, 4, kernel_size=(1, 1))";
    assertEquals(
        List.of(new Shape(1, 4, 5, 6), new Shape(1, 4, 5, 6)),
        outputs(examples, "TwoHeads((body): %s, (box): %s, (cls): %s)".replace("%s", conv)));
    assertEquals(
        List.of(new Shape(1, 4, 5, 6)),
        outputs(
            examples,
            "Stages(\n(stages): ModuleList(\n(0): %s\n(1): %s\n)\n(head): %s\n)"
                .replace("%s", conv)));
    assertEquals(
        List.of(new Shape(1, 7)),
        outputs(examples, "MyNet((conv): %s, (fc): Linear(4, 7))".replace("%s", conv)));
    String readme = example("src/site/markdown/networks.md", "`return`. So the `forward`");
    assertEquals(
        List.of(new Shape(1, 7)),
        outputs(readme, "Net((conv1): Conv2d(4, 2, 1), (fc): Linear(12, 7))"));
  }

  private static List<Shape> outputs(String recipes, String print) {
    Graph net = PyTorch.parse(print, Recipes.KNOWN.with(recipes));
    return Shapes.infer(net, new Shape(1, 4, 5, 6)).outputs();
  }

  /** The first block of text behind a place. */
  private static String example(String file, String behind) throws IOException {
    String text = Files.readString(Path.of(file));
    int start = text.indexOf("```text\n", text.indexOf(behind)) + 8;
    return text.substring(start, text.indexOf("```", start));
  }

  @Test
  void aStarIsForAllChildrenWhichSelfNames() {
    assertEquals(
        new Shape(2, 7), shaped("Net: * = self.fc(self.act(self.conv(x)).flatten(1))").output());
  }

  /** As Python counts, a step at a time: each cat doubles the channels. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "range(3)~32",
        "range(1, 3)~16",
        "range(0, 6, 2)~32",
        "range(0, 5, 2)~32",
        "range(1, -1, -1)~16",
        "range(5, 0, -2)~32",
        "range(2, 2, -1)~4",
        "range(0, 3, -1)~4"
      })
  void aRangeHasAStep(String range, int channels) {
    String recipe = "Net: * =\n    for i in " + range + ": x = cat(x, x)\n    x";
    assertEquals(new Shape(2, channels, 5, 6), shaped(recipe).output());
  }

  @Test
  void aRangeDownRunsTheLastFirst() {
    String print =
        """
        Dec(
          (layers): ModuleList(
            (0): Conv2d(8, 4, kernel_size=(3, 3))
            (1): Conv2d(16, 8, kernel_size=(3, 3))
          )
          (d): ModuleDict(
            (a): Conv2d(4, 3, kernel_size=(3, 3))
            (b): Conv2d(3, 2, kernel_size=(1, 1))
          )
        )""";
    String recipe =
        """
        Dec: * =
            def forward(self, x):
                \"""
                It "decodes": x = 1
              and it's done.
                \"""
                for i in range(len(self.layers) - 1, -1, -1):
                    x = self.layers[i](x)
                x = self.d['a'](x)
                for name, layer in self.d.items():
                    x = layer(x) if name == 'b' else x
                return x
        """;
    Graph net = PyTorch.parse(print, Recipes.KNOWN.with(recipe));
    assertEquals(
        List.of("layers.1", "layers.0", "d.a", "d.b"),
        net.nodes().stream().map(node -> node.path()).toList());
    assertEquals(List.of(), net.notes());
    assertEquals(new Shape(1, 2, 3, 3), Shapes.infer(net, new Shape(1, 16, 9, 9)).output());
  }

  /** What a user's forward forgets is in PyTorch's count. */
  @Test
  void whatIsNotCalledIsTold() {
    Graph net = PyTorch.parse(PRINT, Recipes.KNOWN.with("Net: conv * = self.conv(x)"));
    assertEquals(
        List.of(
            "norm: BatchNorm2d is not called in evaluation: it is left out, and so are its parameters,"
                + " which PyTorch counts.",
            "fc: Linear is not called in evaluation: it is left out, and so are its parameters, which"
                + " PyTorch counts."),
        net.notes().stream().map(note -> note.toString()).toList());
    assertEquals(20, net.parameters());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "'def forward(self, x):'~1~a recipe begins with the name of its class.~Write a line such as Net: * ="
            + " above def forward, with your class's name, and indent what follows.",
        "'    def forward(self, x):'~5~a recipe begins with the name of its class.~Write a line such as"
            + " Net: * = above def forward, with your class's name, and indent what follows.",
        "'class Net(nn.Module):'~1~a recipe begins with the name of its class.~Write a line such as Net: *"
            + " = above def forward, with your class's name, and indent what follows."
      })
  void aForwardNeedsItsClass(String line, int column, String rule, String remedy) {
    NotationException e =
        assertThrows(
            NotationException.class, () -> Recipes.KNOWN.with(line + "\n        return x"));
    assertEquals(
        "line 1, column " + column + ": " + rule + "\n  " + line.strip() + "\n  ^\n" + remedy,
        e.getMessage());
  }

  @Test
  void aMisspeltChildIsNamed() {
    NotationException e =
        assertThrows(
            NotationException.class,
            () -> PyTorch.parse(PRINT, Recipes.KNOWN.with("Net: * = self.con(x)")));
    assertEquals(
        "line 1, column 10: self.con is not there.\n  Net: * = self.con(x)\n           ^\nThere are conv,"
            + " norm, act, fc. Did you mean conv?",
        e.getMessage());
    NotationException slots =
        assertThrows(NotationException.class, () -> Recipes.KNOWN.with(CHILDREN + "self.con(x)"));
    assertEquals(
        "line 1, column 31: self.con is neither a child nor a function.\n  "
            + CHILDREN
            + "self.con(x)\n                                ^\nDid you mean self.conv?",
        slots.getMessage());
  }

  @Test
  void pythonsSuperRunsTheBase() {
    String print = "Net(\n  (c): MyConv(4, 3, kernel_size=(3, 3), stride=(1, 1))\n)";
    String recipes = "Net: c = self.c(x)\nMyConv(Conv2d): = return super().forward(x)";
    Graph net = PyTorch.parse(print, Recipes.KNOWN.with(recipes));
    assertEquals(new Shape(1, 3, 3, 4), Shapes.infer(net, new Shape(1, 4, 5, 6)).output());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "torch.cat([x, x])~1~torch.cat is called without dim, and its default in PyTorch is not 1.~"
            + "Write dim=1, or what you mean.",
        "torch.cat(x, x)~1~torch.cat takes the arrays in a list.~Write torch.cat([a, b], dim=1).",
        "torch.cat(x, dim=1)~1~torch.cat takes the arrays in a list.~Write torch.cat([a, b], dim=1).",
        "x.flatten()~1~.flatten is called without start_dim, and its default in PyTorch is not 1.~"
            + "Write start_dim=1, or what you mean.",
        "x.chunk(2)~1~.chunk is called without dim, and its default in PyTorch is not 1.~"
            + "Write dim=1, or what you mean.",
        "x.split(2, 1)~1~.split is read with a list of sizes and its dim.~"
            + "Write .split([16, 48], dim=1).",
        "x.mean(2, 3)~1~mean takes its axes in a list.~Write x.mean([2, 3]).",
        "x.view(-1)~1~.view is given sizes that do not begin with the batch.~Write x.view(x.size(0),"
            + " -1), or reshape(x, 16, 5, 5) with the sizes behind the batch.",
        "x.reshape(2, 120)~1~.reshape is given sizes that do not begin with the batch.~Write"
            + " x.view(x.size(0), -1), or reshape(x, 16, 5, 5) with the sizes behind the batch.",
        "x.transpose(1, 2)~1~.transpose is not among the functions of recipes.~Write permute(x, [0,"
            + " 2, 1]) of three axes, permute(x, [0, 1, 3, 2]) of four: all of them in their new order.",
        "torch.add(x, x)~1~torch.add is not among the functions of recipes.~Write a + b, a - b, a * b"
            + " or a / 2.",
        "torch.sum(x)~1~torch.sum is not among the functions of recipes.~Write a + b, or sum([a, b]),"
            + " to add arrays; mean(x, [2, 3]) over axes.",
        "x.size(1)~1~.size is not among the functions of recipes.~Write x.size(0) for the batch, and"
            + " -1 for a size to be worked out.",
        "a, b, c, d = x.shape; x~14~an array's shape is not known when a recipe is read.~Write"
            + " x.shape[0] for the batch, -1 for a size to be worked out, interpolate_like(x, y) or"
            + " pad_like(x, y) for the size of another array.",
        "self.conv(x); if down: x~15~an if of a recipe chooses a value, and runs no steps.~Write y = a"
            + " if c else b; child?(x) is x where the child is absent.",
        "return x; x~11~nothing runs behind a return.~Take it away, or put it in front.",
        "for c in [conv]: return c(x)~18~a for of a recipe runs to its end.~Put the return behind it.",
        "x is conv~6~is asks for None here.~Write == for what is no None.",
        "def foo(self, x): x~5~forward is missing in front of foo.~Write forward(x, y):, or def"
            + " forward(self, x):.",
        "def forward(self, x=3): x~21~None is missing in front of 3.~Write forward(x, y):, or def"
            + " forward(self, x):.",
        "x = conv(x)[:, :2]; x~12~slices of an array are not read.~Write a, b = split(x, [4, -1]) to part"
            + " the channels, crop_like(x, y) for the size of another array, reversed(layers) for [::-1].",
        "x[..., 1:-1]~2~slices of an array are not read.~Write a, b = split(x, [4, -1]) to part"
            + " the channels, crop_like(x, y) for the size of another array, reversed(layers) for [::-1].",
        "x ** 2~3~powers are not read.~Write x * x for x ** 2.",
        "assert x; x~1~assert is not read in a recipe.~Leave it out: it computes nothing of the result.",
        "while x: x~1~while is not read in a recipe.~Write for i in range(3): where it runs three times.",
        "y = x = conv(x); y~7~a value is given one name at a time.~Write x = conv(x), and y = x below.",
        "ys = []; ys.append(x)~10~append is asked of what has no children.~Write ys = ys + [x]: a recipe"
            + " changes no list.",
        "conv.out_channels~1~out_channels is asked of what has no children.~Write out_channels(layer),"
            + " which is a number, or the number itself.",
        "for i in range(4, 0, 0): x~10~a range has a start, an end and a step, which is not 0.~Write"
            + " range(6, 0, -1).",
        "self.down(x)~1~self.down may be absent and is called without a ?.~Mend the recipe of Net."
      })
  void whatIsNotCertainSaysWhatToWrite(String value, int column, String rule, String remedy) {
    NotationException e =
        assertThrows(
            NotationException.class,
            () -> PyTorch.parse(PRINT, Recipes.KNOWN.with(CHILDREN + value)));
    int place = CHILDREN.length() + column;
    assertEquals(
        "line 1, column "
            + place
            + ": "
            + rule
            + "\n  "
            + CHILDREN
            + value
            + "\n  "
            + " ".repeat(place - 1)
            + "^\n"
            + remedy,
        e.getMessage());
  }

  @Test
  void theStepsOfAForStandFartherIn() {
    NotationException e =
        assertThrows(
            NotationException.class,
            () -> Recipes.KNOWN.with("Net: c =\n    for a in [c]:\n    x = a(x)"));
    assertEquals(
        "line 3, column 5: the steps of this for are missing.\n  x = a(x)\n  ^\nWrite them behind its"
            + " colon, or farther in below it.",
        e.getMessage());
  }

  /** A known recipe is offered in a note, to be copied: a for ends with its line. */
  @Test
  void aNoteKeepsTheLineOfAFor() {
    String recipe =
        """
        [here]
        # a comment
        Net: conv norm act fc =
            y = [x];
            for i in range(2): z = y + [conv(x)]; x = z[1]
        # another
            z = cat(y);
            for i in range(2): z = act(z)
            assume 'that it is so';
            fc(z)
        """;
    assertEquals(
        "y = [x]; for i in range(2): z = y + [conv(x)]; x = z[1]\n    z = cat(y); for i in range(2): z ="
            + " act(z)\n    fc(z)",
        RecipeParser.parse(recipe).get(0).text());
  }
}
