import type { ImageSpec, ModelSpec, PairSpec } from "sluice";
import labels from "./labels.json" with { type: "json" };

/**
 * Nothing is served here: the name only says what is missing. `deno task models --from <folder>`
 * finds the files by their hashes; README.md says where they come from.
 */
const HOME = "https://models.example/imagenet/";

/** TensorFlow's evaluation of MobileNet: the central 87.5%, levels from -1 to 1. */
function mobilenet(side: number): ImageSpec {
  const half = [128 / 255, 128 / 255, 128 / 255];
  return {
    channels: 3,
    resize: "stretch",
    size: [side, side],
    crop: 0.875,
    mean: half,
    std: half,
  };
}

/** Caffe's, in which Keras's ResNet-50 was trained: levels of 0 to 255 less their means, blue first. */
const caffe: ImageSpec = {
  channels: 3,
  resize: "cover",
  size: [224, 224],
  crop: 224 / 227,
  order: "BGR",
  mean: [103.939 / 255, 116.779 / 255, 123.68 / 255],
  std: [1 / 255, 1 / 255, 1 / 255],
};

/** The four networks, from cheap to expensive. Both pairs share the sessions of those they have in common. */
export const networks = {
  "v1-025": {
    source: `${HOME}mobilenet_v1_025_128.onnx`,
    sha256: "e479cc70dd69bcc8139f80f69f8c3e8357bb3792fcf3006c8ca113e7f84368c1",
    image: mobilenet(128),
  },
  "v1-050": {
    source: `${HOME}mobilenet_v1_050_160.onnx`,
    sha256: "8c31ee830ff46436db84ad8126d926471cf09d461ca78057b16316e820079a47",
    image: mobilenet(160),
  },
  "v2-100": {
    source: `${HOME}mobilenet_v2_100_224.onnx`,
    sha256: "e5ddf07892236d851ca9814a76efdfa730a73b906b4048720db81139bd8a351a",
    image: mobilenet(224),
  },
  resnet50: {
    source: `${HOME}resnet50.onnx`,
    sha256: "fd3c51f2c1f13d7540554bc0865ec022e10fd00bbbf25f36177aadbbe924867c",
    image: caffe,
  },
} satisfies Record<string, ModelSpec>;

/** What the pairs have in common: an image in, one of ImageNet's 1,000 classes out. */
export const common = {
  labels,
  input: { name: "image", datatype: "FP32", shape: [3, 224, 224] },
} satisfies Pick<PairSpec, "labels" | "input">;
