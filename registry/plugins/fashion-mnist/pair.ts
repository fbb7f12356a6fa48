import { definePair } from "sluice";

export default definePair({
  name: "fashion-mnist",
  description: "Zalando's articles of clothing, 28×28 grey: three networks, from cheap to accurate",
  labels: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
  input: { name: "image", datatype: "FP32", shape: [1, 28, 28] },
  image: { channels: 1, resize: "fit", mean: [0.286], std: [0.353] },
  models: {
    small: {
      source: "./small.onnx",
      sha256: "4dd0799611e221eb4496bfb97884de7c8e154cec08a194b0ea44dd0989b397ba",
    },
    medium: {
      source: "./medium.onnx",
      sha256: "bfb08b47794ebcd32b30f2f905fb36a0f43ab08af3411f1ef3e5b0d90bb3ae78",
    },
    large: {
      source: "./large.onnx",
      sha256: "cccd28dc9507fa7f85bd8e0f818e4975a5a74ced0c747e50a6f88842193bf32b",
    },
  },
  graph: { small: ["medium", "large"], medium: ["large"], large: [] },
});
