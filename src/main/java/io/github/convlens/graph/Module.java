package io.github.convlens.graph;

import io.github.convlens.layer.LayerSpec;

/**
 * A layer with its place in a network. It owns parameters, which count once however often the
 * module is called: a module that runs twice is one module.
 *
 * @param path its name in the network, as PyTorch has it: {@code layer1.0.conv1}; empty for a
 *     network that is one layer
 * @param layer what it is
 */
public record Module(String path, LayerSpec layer) {}
