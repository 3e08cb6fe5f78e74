package io.github.convlens.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.convlens.notation.PyTorch;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where calls may be missing and which ones, in the order in which they are tried. */
class CandidatesTest {
  private static Candidates of(String net) {
    return new Candidates(PyTorch.parse(net.replace("; ", "\n")), "fc");
  }

  private static String text(List<List<String>> sets) {
    return sets.stream().map(set -> String.join("+", set)).collect(Collectors.joining(" "));
  }

  /** Behind norms and activations; conv3 has its pool, and behind conv2 the channels change. */
  @Test
  void placesBehindConvolutions() {
    Candidates candidates =
        of(
            "conv1=Conv2d(3,4,3); bn1=BatchNorm2d(4); conv2=Conv2d(4,4,3); relu=ReLU();"
                + " conv3=Conv2d(4,8,3); pool=MaxPool2d(2); fc=Linear(8,2)");
    assertEquals(List.of("bn1", "relu", "conv3"), candidates.places());
    assertEquals("conv3", candidates.last());
    assertEquals("pool", candidates.lastWindow());
    assertEquals("bn1+relu relu", text(candidates.usualSets()));
    assertEquals("bn1+relu relu bn1", text(candidates.bareSets()));
    assertEquals(
        "conv3 relu bn1 bn1+relu+conv3 bn1+conv3 relu+conv3 bn1+relu", text(candidates.sets()));
    assertEquals(List.of("pool", "pool3s2", "pool3s2p1", "pool3", "pool4"), candidates.pools());
    assertEquals(List.of("pool"), candidates.likeliestPools());
  }

  /** Few before many, with the last one before without it, even distances before uneven ones. */
  @Test
  void evenDistancesFirst() {
    Candidates candidates =
        of("a=Conv2d(1,2,3); b=Conv2d(2,4,3); c=Conv2d(4,8,3); d=Conv2d(8,8,3); fc=Linear(8,2)");
    assertEquals("d a+b+c+d a+b+d", text(candidates.usualSets()));
    assertEquals(
        "d a+b+c+d a+b+d c b a b+d a+d c+d a+b a+c b+c a+c+d b+c+d a+b+c",
        text(candidates.bareSets()));
    assertEquals("d", candidates.lastWindow());
    assertEquals(List.of("pool2", "pool3s2", "pool3s2p1", "pool3", "pool4"), candidates.pools());
    assertEquals(List.of("pool2"), candidates.likeliestPools());
  }

  @Test
  void aBlockThatEndsWithItsPoolIsPooled() {
    Candidates candidates =
        of(
            "stem=Sequential(Conv2d(3,4,3), MaxPool2d(2)); body=Sequential(Conv2d(4,8,3), ReLU());"
                + " drop=Dropout2d(); out=Conv2d(8,8,1); fc=Linear(8,2)");
    assertEquals(List.of("stem", "body", "out"), candidates.places());
    assertEquals("out", candidates.lastWindow());
    assertEquals("out body+out", text(candidates.usualSets()));
    assertEquals("out body+out body", text(candidates.bareSets()));
  }

  /** The words of other pools are not the names of modules; pools are for as many axes. */
  @Test
  void poolsThatArePrintedComeFirst() {
    Candidates candidates =
        of(
            "conv=Conv1d(3,4,3); pool3=AvgPool1d(4); again=AvgPool1d(4); pool4=MaxPool1d(2);"
                + " fc=Linear(8,2)");
    assertEquals(
        List.of("pool3", "pool4", "pool3s2", "pool3s2p1", "pool3s3", "pool4s4"),
        candidates.pools());
    assertEquals(List.of("pool3", "pool4"), candidates.likeliestPools());
    assertEquals("", text(candidates.usualSets()));
    assertEquals("conv", text(candidates.sets()));
  }

  /** A place is behind a block and not inside it, where its own forward is guessed, too. */
  @Test
  void blocksInsideBlocks() {
    Candidates candidates =
        of(
            "Net((stem): Stem((conv): Conv2d(3, 4, 3)) (relu): ReLU() (pool): MaxPool2d(2)"
                + " (body): Body((bn): BatchNorm2d(4) (conv): Conv2d(4, 4, 3)) (drop): Dropout2d()"
                + " (fc): Linear(4, 2))");
    assertEquals(List.of("relu", "body"), candidates.places());
    assertEquals("body", candidates.lastWindow());
    assertEquals("body", text(candidates.bareSets()));
  }

  /** What stands between the last window and the Linear is no place for a call. */
  @Test
  void aPoolIsTheLastWindow() {
    Candidates candidates =
        of("conv=Conv2d(3,4,3); pool=MaxPool2d(2); drop=Dropout2d(); fc=Linear(4,2)");
    assertEquals("pool", candidates.lastWindow());
    assertEquals("", text(candidates.bareSets()));
  }

  /** Nothing is called behind the child in which the Linear is, whatever else is in it. */
  @Test
  void noPlaceIsBehindTheLinear() {
    Graph net =
        PyTorch.parse(
            "Net((conv): Conv2d(3, 4, 3) (act): ReLU()"
                + " (head): Sequential(Conv2d(4, 8, 1), Flatten(), Linear(8, 2)))");
    Candidates candidates = new Candidates(net, "head.2");
    assertEquals(List.of("act"), candidates.places());
    assertEquals("act", candidates.lastWindow());
  }

  /** The Linear is behind all that is guessed, the last of which are a norm and an activation. */
  @Test
  void aLinearOutsideOfWhatIsGuessed() {
    Graph net =
        PyTorch.parse(
            "Sequential(Body((conv): Conv1d(3, 4, 3) (bn): BatchNorm1d(4) (act): ReLU()),"
                + " Linear(4, 2))");
    Candidates candidates = new Candidates(net, "1");
    assertEquals(List.of("0.act"), candidates.places());
    assertEquals(1, candidates.axes());
  }

  /** Subsets of twelve places are tried; of thirteen each one, all, and where channels change. */
  @Test
  void subsetsOfAFewPlacesAlone() {
    assertEquals((1 << 12) - 1, convolutions(12).bareSets().size());
    assertEquals(13 + 1, convolutions(13).bareSets().size());
    assertEquals(13 + 1, convolutions(13).sets().size());
  }

  private static Candidates convolutions(int number) {
    return of(
        IntStream.range(0, number)
            .mapToObj(i -> "c" + i + "=Conv2d(4,4,3)")
            .collect(Collectors.joining("; ", "", "; fc=Linear(4,2)")));
  }
}
