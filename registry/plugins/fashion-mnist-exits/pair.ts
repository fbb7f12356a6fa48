import { chain, definePair } from "sluice";

export default definePair({
  name: "fashion-mnist-exits",
  description: "Zalando's articles of clothing, 28×28 grey: one network with three exits",
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
    stage1: {
      source: "./stage1.onnx",
      sha256: "722d3d38c4d07b079a8287499c787de346dca08a46253c3465e8f0221ccd31ca",
    },
    stage2: {
      source: "./stage2.onnx",
      sha256: "ddbcb02fbc725698c94b08d2583bf8d1a8b52942edce2b73fd27f83bb20e46ff",
      inputs: { features_in: "stage1.features" },
    },
    stage3: {
      source: "./stage3.onnx",
      sha256: "5025740b91021cab850598377d3c6a1c48a5eadcf75837c3918787aef1ecb402",
      inputs: { features_in: "stage2.features" },
    },
  },
  graph: chain("stage1", "stage2", "stage3"),
});
