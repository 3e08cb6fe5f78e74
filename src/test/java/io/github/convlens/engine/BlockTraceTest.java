package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv2dTranspose;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramGraph;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.trace.Totals;
import io.github.convlens.trace.Trace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockTraceTest {
  /** LeNet as DJL's own tutorials build it; the numbers are the lesson's. */
  private static SequentialBlock leNet() {
    return new SequentialBlock()
        .add(conv(6, 5, 2))
        .add(Activation::sigmoid)
        .add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(conv(16, 5, 0))
        .add(Activation.sigmoidBlock())
        .add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(120).build())
        .add(Linear.builder().setUnits(84).optBias(false).build())
        .add(Linear.builder().setUnits(10).build());
  }

  private static Conv2d conv(int filters, int kernel, int padding) {
    return Conv2d.builder()
        .setFilters(filters)
        .setKernelShape(new Shape(kernel, kernel))
        .optPadding(new Shape(padding, padding))
        .build();
  }

  private static final String LE_NET =
      """
      path           layer             output  parameters                MACs
      01Conv2d       Conv2d         3x6x28x28         156  trainable  352,800
      02LambdaBlock  LambdaBlock    3x6x28x28           -                   -
      03LambdaBlock  avgPool2d      3x6x14x14           -                   -
      04Conv2d       Conv2d        3x16x10x10       2,416  trainable  720,000
      05LambdaBlock  sigmoid       3x16x10x10           -                   -
      06LambdaBlock  avgPool2d       3x16x5x5           -                   -
      07LambdaBlock  batchFlatten       3x400           -                   -
      08Linear       Linear             3x120      48,120  trainable  144,000
      09Linear       Linear              3x84      10,080  trainable   30,240
      10Linear       Linear              3x10         850  trainable    2,520

      Total: 61,622 trainable parameters, 0 frozen
             1,249,560 MACs (torchvision), 416,520 for each of 3 items\
      """;

  @Test
  void aNetworkBuiltByHandNeedsNoInitialisation() {
    Block block = leNet();
    assertEquals(LE_NET, BlockTrace.of(block, new Shape(3, 1, 28, 28)).toString());
    assertFalse(block.isInitialized());
  }

  @Test
  void initialisedItSaysTheSame() {
    try (NDManager manager = NDManager.newBaseManager();
        Model model = Model.newInstance("lenet")) {
      Block block = leNet();
      block.initialize(manager, DataType.FLOAT32, new Shape(3, 1, 28, 28));
      int arrays = manager.getManagedArrays().size();
      model.setBlock(block);
      assertEquals(LE_NET, BlockTrace.of(model, new Shape(3, 1, 28, 28)).toString());
      assertEquals(arrays, manager.getManagedArrays().size());
      block.clear();
    }
  }

  @Test
  void frozenParametersAreCountedApart() {
    SequentialBlock block =
        new SequentialBlock()
            .add(conv(4, 3, 1))
            .add(BatchNorm.builder().build())
            .add(BatchNorm.builder().optScale(false).build());
    block.getChildren().valueAt(0).freezeParameters(true);
    assertEquals(
        """
        path         layer       output  parameters                     MACs
        01Conv2d     Conv2d     1x4x5x6         112  frozen            3,240
        02BatchNorm  BatchNorm  1x4x5x6           8  trainable             -
        03BatchNorm  BatchNorm  1x4x5x6           8  4 of them frozen      -

        Total: 12 trainable parameters, 116 frozen
               3,240 MACs (torchvision)

        Note: the channels of a BatchNorm that is not initialised are taken to be on axis 1, DJL's default; initialise it to know.\
        """,
        BlockTrace.of(block, new Shape(1, 3, 5, 6)).toString());
  }

  /** DJL's own answer to this one is (1, 1, 1, 1). */
  @Test
  void aKernelThatDoesNotFitIsNotGivenAShape() {
    Conv2d wide =
        Conv2d.builder()
            .setFilters(1)
            .setKernelShape(new Shape(9, 9))
            .optStride(new Shape(2, 2))
            .build();
    assertEquals(
        new Shape(1, 1, 1, 1), wide.getOutputShapes(new Shape[] {new Shape(1, 1, 8, 8)})[0]);
    SequentialBlock block = new SequentialBlock().add(wide).add(Activation.reluBlock());
    assertEquals(
        """
        path           layer   output  parameters             MACs
        01Conv2d       Conv2d       ?          82  trainable     ?  height: the kernel does not fit.
        02LambdaBlock  ReLU         ?           -                ?  what comes in is not known

        Total: 82 trainable parameters, 0 frozen
               ? MACs (torchvision)\
        """,
        BlockTrace.of(block, new Shape(1, 1, 8, 8)).toString());
  }

  @Test
  void branchesHavePathsAndAJoin() {
    ParallelBlock branches =
        new ParallelBlock(
            outputs -> new NDList(outputs.get(0).head().concat(outputs.get(1).head(), 1)));
    branches.add(conv(4, 3, 1));
    branches.add(new SequentialBlock().add(conv(5, 1, 0)).add(Activation.reluBlock()));
    SequentialBlock block = new SequentialBlock().add(branches).add(conv(2, 1, 0));
    BlockTrace trace = BlockTrace.of(block, new Shape(1, 3, 4, 5));
    assertEquals(
        List.of(
            "01ParallelBlock.01Conv2d",
            "01ParallelBlock.02SequentialBlock.01Conv2d",
            "01ParallelBlock.02SequentialBlock.02LambdaBlock",
            "01ParallelBlock",
            "02Conv2d"),
        trace.rows().stream().map(BlockTrace.Row::path).toList());
    assertEquals("join", trace.rows().get(3).type());
    assertEquals(Optional.of(List.of(new Shape(1, 9, 4, 5))), trace.rows().get(3).outputs());
    assertEquals(Optional.of(List.of(new Shape(1, 2, 4, 5))), trace.outputs());
    assertEquals(OptionalLong.of(112 + 20 + 20), trace.trainable());
    assertEquals(OptionalLong.of((27 * 4 + 3 * 5 + 9 * 2) * 20), trace.macs());
  }

  @Test
  void branchesThatCannotBeJoinedAreUnknown() {
    ParallelBlock branches =
        new ParallelBlock(outputs -> new NDList(outputs.get(0).head().add(outputs.get(1).head())));
    branches.add(conv(4, 3, 1)).add(conv(5, 1, 0));
    BlockTrace trace = BlockTrace.of(branches, new Shape(1, 3, 4, 5));
    assertEquals("join", trace.rows().get(2).type());
    assertEquals(Optional.empty(), trace.rows().get(2).outputs());
    assertFalse(trace.rows().get(2).note().isEmpty());
  }

  @Test
  void aJoinOfWhatIsNotKnownHasItsRow() {
    ParallelBlock branches =
        new ParallelBlock(outputs -> new NDList(outputs.get(0).head().add(outputs.get(1).head())));
    branches.add(conv(4, 9, 1)).add(conv(4, 1, 0));
    List<BlockTrace.Row> rows =
        BlockTrace.of(new SequentialBlock().add(branches), new Shape(1, 3, 4, 5)).rows();
    assertEquals("01ParallelBlock", rows.get(2).path());
    assertEquals("join", rows.get(2).type());
    assertEquals("what comes in is not known", rows.get(2).note());
  }

  @Test
  void aFunctionWhoseShapeDependsOnValuesIsUnknown() {
    SequentialBlock block = new SequentialBlock().addSingleton(x -> x.nonzero(), "nonzero");
    BlockTrace.Row row = BlockTrace.of(block, new Shape(2, 3)).rows().get(0);
    assertEquals(Optional.empty(), row.outputs());
    assertEquals("the shape depends on the values", row.note());
    assertEquals("nonzero", row.type());
  }

  @Test
  void aFunctionThatCannotTakeTheInputIsUnknown() {
    Block pool = Pool.maxPool2dBlock(new Shape(2, 2));
    BlockTrace.Row row = BlockTrace.of(pool, new Shape(2, 3)).rows().get(0);
    assertEquals("the function fails: Expect input dimension is 4 but got 2", row.note());
  }

  /** A block of somebody's, whose forward runs its children in an order that only it knows. */
  private static final class Twice extends AbstractBlock {
    private final Block inner = addChildBlock("inner", conv(3, 3, 1));

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      return inner.forward(store, inner.forward(store, inputs, training), training);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
      inner.initialize(manager, type, shapes);
    }
  }

  @Test
  void whatABlockOfSomebodysDoesIsNotGuessed() {
    Shape shape = new Shape(1, 3, 4, 5);
    Block block = new SequentialBlock().add(new Twice()).add(Activation.reluBlock());
    assertEquals(
        """
        path             layer    output  parameters     MACs
        01Twice          Twice   1x3x4x5           -        ?  what it does itself is not visible; initialise it with this input to see what reaches its children
        01Twice.01inner  Conv2d        ?           ?  ?     ?  what comes in is not known; its parameters are known once it is initialised
        02LambdaBlock    ReLU    1x3x4x5           -        -

        Total: ? trainable parameters, ? frozen
               ? MACs (torchvision)\
        """,
        BlockTrace.of(block, shape).toString());
    try (NDManager manager = NDManager.newBaseManager()) {
      block.initialize(manager, DataType.FLOAT32, shape);
      assertEquals(
          """
          path             layer    output  parameters              MACs
          01Twice          Twice   1x3x4x5           -                 ?  what it does itself is not visible
          01Twice.01inner  Conv2d  1x3x4x5          84  trainable  1,620
          02LambdaBlock    ReLU    1x3x4x5           -                 -

          Total: 84 trainable parameters, 0 frozen
                 ? MACs (torchvision)\
          """,
          BlockTrace.of(block, shape).toString());
    }
  }

  @Test
  void theChildrenOfABlockOfSomebodysAreKnownForItsOwnInput() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = new Twice();
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 4, 5));
      List<BlockTrace.Row> rows = BlockTrace.of(block, new Shape(2, 3, 4, 5)).rows();
      assertEquals(
          "what it does itself is not visible; its children are known for 1x3x4x5",
          rows.get(0).note());
      assertEquals("what comes in is not known", rows.get(1).note());
    }
  }

  /** DJL's own answer is (4, 3), and it makes (2, 2, 3). */
  @Test
  void aBlockThatRunsInItsOwnWayIsNotItsSuperclass() {
    SequentialBlock block =
        new SequentialBlock()
            .add(GhostBatchNorm.builder().optVirtualBatchSize(2).build())
            .add(Activation.reluBlock());
    assertEquals(
        """
        path              layer           output  parameters             MACs
        01GhostBatchNorm  GhostBatchNorm       ?           6  trainable     ?  it runs in its own way, but declares the shapes of BatchNorm
        02LambdaBlock     ReLU                 ?           -                ?  what comes in is not known

        Total: 6 trainable parameters, 0 frozen
               ? MACs (torchvision)\
        """,
        BlockTrace.of(block, new Shape(4, 3)).toString());
  }

  @Test
  void onceItIsInitialisedABatchNormHasItsOwnAxis() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(2, 3, 4, 5);
      Block block = BatchNorm.builder().optAxis(3).build();
      block.initialize(manager, DataType.FLOAT32, shape);
      BlockTrace trace = BlockTrace.of(block, shape);
      assertEquals(OptionalLong.of(2 * 5), trace.trainable());
      assertEquals(List.of(), trace.notes());
    }
  }

  @Test
  void whatDjlsEngineCannotRunIsSaid() {
    SequentialBlock block =
        new SequentialBlock()
            .add(Conv2dTranspose.builder().setFilters(3).setKernelShape(new Shape(3, 3)).build())
            .add(new Prelu());
    List<BlockTrace.Row> rows = BlockTrace.of(block, new Shape(2, 3, 4, 5)).rows();
    assertEquals(
        "its multiply-adds are not known; DJL's PyTorch engine cannot run it: use LayerBlocks;"
            + " its parameters are known once it is initialised",
        rows.get(0).note());
    assertEquals("DJL's PyTorch engine cannot run it: use LayerBlocks", rows.get(1).note());
  }

  @Test
  void aRecurrentBlockHasItsParametersOnceItIsInitialised() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(2, 7, 4);
      Block block = LSTM.builder().setNumLayers(1).setStateSize(5).optBatchFirst(true).build();
      assertEquals(
          "its multiply-adds are not known; its parameters are known once it is initialised",
          BlockTrace.of(block, shape).rows().get(0).note());
      block.initialize(manager, DataType.FLOAT32, shape);
      BlockTrace trace = BlockTrace.of(block, shape);
      assertEquals("its multiply-adds are not known", trace.rows().get(0).note());
      assertEquals(OptionalLong.of(4 * 5 * (4 + 5 + 2)), trace.trainable());
      assertEquals(Optional.of(List.of(new Shape(2, 7, 5))), trace.outputs());
    }
  }

  @Test
  void aBlockThatIsUsedTwiceHasItsParametersOnce() {
    Block shared = Linear.builder().setUnits(3).build();
    BlockTrace trace =
        BlockTrace.of(new SequentialBlock().add(shared).add(shared), new Shape(2, 3));
    assertEquals(OptionalLong.of(12), trace.trainable());
    assertEquals(OptionalLong.of(2 * 2 * 9), trace.macs());
    assertEquals(OptionalLong.of(2 * 9), trace.macsPerItem());
  }

  /** Parameters of such a block have arrays, but say no shape. */
  @Test
  void aTorchScriptBlockHasItsParameters(@TempDir Path folder) throws Exception {
    Program program = Programs.read("core");
    Shape shape = ProgramInputs.own(program).get(0);
    ProgramBlock.of(program).saveTorchScript(folder.resolve("core.pt"));
    try (Model model = Model.newInstance("core", Device.cpu(), PyTorchEngine.NAME)) {
      model.load(folder);
      Block compiled = model.getBlock();
      assertNull(compiled.getDirectParameters().valueAt(0).getShape());
      Block block = new SequentialBlock().add(compiled).add(Linear.builder().setUnits(3).build());
      assertEquals(
          """
          path             layer          output  parameters             MACs
          01PtSymbolBlock  PtSymbolBlock     2x4         372  frozen        ?  its multiply-adds are not known: trace an export of the model, model.pt2
          02Linear         Linear            2x3          15  trainable    24

          Total: 15 trainable parameters, 372 frozen
                 ? MACs (torchvision)\
          """,
          BlockTrace.of(block, shape).toString());
      BlockTrace.Row wrong = BlockTrace.of(compiled, new Shape(2, 3)).rows().get(0);
      assertEquals(Optional.empty(), wrong.outputs());
      assertTrue(wrong.note().startsWith("RuntimeError: "), wrong.note());
      assertFalse(wrong.note().contains("initialise"), wrong.note());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "frozen", "tied", "norms", "recurrent", "tokens"})
  void anExportedProgramIsCountedAsInItsTrace(String name) throws Exception {
    Program program = Programs.read(name);
    Shape[] shapes = ProgramInputs.own(program).toArray(new Shape[0]);
    Shaped shaped = Shapes.infer(ProgramGraph.of(program), List.of(shapes));
    Totals totals = Trace.of(shaped, Convention.TORCHVISION).totals();
    BlockTrace trace = BlockTrace.of(ProgramBlock.of(program), shapes);
    assertEquals(Optional.of(shaped.outputs()), trace.outputs());
    assertEquals(OptionalLong.of(totals.cost()), trace.macs());
    assertEquals(
        totals.parameters(), trace.trainable().orElseThrow() + trace.frozen().orElseThrow());
    assertEquals(OptionalLong.of(name.equals("frozen") ? 8 : 0), trace.frozen());
  }

  @Test
  void anExportedProgramOnAnotherInputIsUnknown() throws Exception {
    BlockTrace trace = BlockTrace.of(ProgramBlock.of(Programs.read("core")), new Shape(2, 5));
    assertEquals(Optional.empty(), trace.outputs());
    assertEquals(OptionalLong.of(372), trace.trainable());
    assertEquals(
        "layer 0, Conv2d(3, 8, kernel_size=(3, 3), padding=(1, 1)): the input must be a picture"
            + " (batch, channels, height, width).",
        trace.rows().get(0).note());
  }

  /** Our own blocks know their layers: paths as in PyTorch, nothing is tried. */
  @Test
  void ourBlocksAgreeWithTheArithmetic() {
    Shape shape = new Shape(2, 4, 9, 8);
    Shaped net =
        Parsed.of(
            "nn.Sequential(nn.Conv2d(4, 6, (2, 3), padding='same'), nn.GroupNorm(2, 6),"
                + " nn.PReLU(6), nn.Sequential(nn.ConvTranspose2d(6, 3, 3, stride=2)),"
                + " nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.Flatten(), nn.LazyLinear(5))",
            shape);
    BlockTrace trace = BlockTrace.of(LayerBlocks.of(net), shape);
    assertEquals(
        List.of("0", "1", "2", "3.0", "4", "5", "6"),
        trace.rows().stream().map(BlockTrace.Row::path).toList());
    assertEquals(OptionalLong.of(net.graph().parameters()), trace.trainable());
    assertEquals(
        OptionalLong.of(Trace.of(net, Convention.TORCHVISION).totals().cost()), trace.macs());
    assertEquals(Optional.of(net.outputs()), trace.rows().get(6).outputs());
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = LayerBlocks.of(net);
      PyTorchInit.seeded(1).initialize(block, manager, Precision.FLOAT32, shape);
      assertEquals(trace, BlockTrace.of(block, shape));
      NDArray output =
          LayerBlocks.forward(block, RandomInput.of(manager, Precision.FLOAT32, shape, 1));
      assertEquals(new Shape(2, 5), output.getShape());
    }
  }

  /**
   * A PReLU that a block calls twice: 9 x 16 in each convolution, 8 in each norm, and 12 slopes.
   */
  private static final String SHARED =
      """
      Net(
        (stem): Conv2d(3, 4, kernel_size=(1, 1))
        (layer): BasicBlock(
          (conv1): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1), bias=False)
          (bn1): BatchNorm2d(4)
          (relu): PReLU(num_parameters=4)
          (conv2): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1), bias=False)
          (bn2): BatchNorm2d(4)
        )
      )
      """;

  @Test
  void aNetworkHasARowForEachCallUnderPyTorchsPath() {
    Shape shape = new Shape(1, 3, 5, 6);
    Block block = Parsed.block(SHARED, shape);
    assertEquals(
        """
        path         layer         output  parameters              MACs
        stem         Conv2d       1x4x5x6          16  trainable    360
        layer.conv1  Conv2d       1x4x5x6         144  trainable  4,320
        layer.bn1    BatchNorm2d  1x4x5x6           8  trainable      -
        layer.relu   PReLU        1x4x5x6           4  trainable      -
        layer.conv2  Conv2d       1x4x5x6         144  trainable  4,320
        layer.bn2    BatchNorm2d  1x4x5x6           8  trainable      -
        layer        add          1x4x5x6           -                 -
        layer.relu   PReLU        1x4x5x6           -                 -

        Total: 324 trainable parameters, 0 frozen
               9,000 MACs (torchvision)\
        """,
        BlockTrace.of(block, shape).toString());
    block.getChildren().valueAt(1).freezeParameters(true);
    BlockTrace frozen = BlockTrace.of(block, shape);
    assertEquals(OptionalLong.of(144), frozen.frozen());
    assertEquals(OptionalLong.of(180), frozen.trainable());
  }

  @Test
  void aNetworkInSomebodysBlockKeepsItsPaths() {
    Shape shape = new Shape(1, 3, 5, 6);
    Block block =
        new SequentialBlock().add(Parsed.block(SHARED, shape)).add(Activation.reluBlock());
    List<BlockTrace.Row> rows = BlockTrace.of(block, shape).rows();
    assertEquals("01GraphBlock.layer.conv1", rows.get(1).path());
    assertEquals(Optional.of(List.of(new Shape(1, 4, 5, 6))), rows.get(8).outputs());
  }

  @Test
  void behindALayerThatCannotTakeItsInputNothingIsKnown() {
    Shape shape = new Shape(1, 3, 5, 6);
    BlockTrace trace = BlockTrace.of(Parsed.block(SHARED, shape), new Shape(1, 2, 5, 6));
    assertEquals("the input has the wrong number of channels.", trace.rows().get(0).note());
    assertEquals("what comes in is not known", trace.rows().get(6).note());
    assertEquals(Optional.empty(), trace.outputs());
    assertEquals(OptionalLong.of(324), trace.trainable());
  }

  /** A network of several inputs and outputs, of which one is a split's second part. */
  @Test
  void severalInputsAndOutputs() {
    Graph.Builder graph = new Graph.Builder();
    Edge x = graph.input("x");
    Edge gate = graph.input("gate");
    Edge product = graph.apply("", new ProductSpec(), List.of(x, gate));
    Edge parts =
        graph.apply(
            "", new SplitSpec(1, new SplitSpec.Parts.Sizes(List.of(1L, 2L))), List.of(product));
    Graph net =
        graph.build(
            List.of(Graph.Builder.output(parts, 1), product), new Tree("Net", "", List.of()));
    Shape[] shapes = {new Shape(2, 3, 4, 5), new Shape(2, 3, 1, 1)};
    BlockTrace trace = BlockTrace.of(LayerBlocks.of(Shapes.infer(net, List.of(shapes))), shapes);
    assertEquals(
        Optional.of(List.of(new Shape(2, 2, 4, 5), new Shape(2, 3, 4, 5))), trace.outputs());
    assertEquals(
        Optional.of(List.of(new Shape(2, 1, 4, 5), new Shape(2, 2, 4, 5))),
        trace.rows().get(1).outputs());
  }

  @Test
  void aBlockThatDjlRunsTwiceHasItsParametersOnce() {
    Block shared = conv(3, 3, 1);
    BlockTrace trace =
        BlockTrace.of(new SequentialBlock().add(shared).add(shared), new Shape(1, 3, 4, 5));
    assertEquals(OptionalLong.of(84), trace.trainable());
    assertEquals(OptionalLong.of(2 * 1620), trace.macs());
  }
}
