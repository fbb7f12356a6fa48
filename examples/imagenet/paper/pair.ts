import { definePair } from "sluice";
import { common, networks } from "../networks.ts";

const { "v1-025": small, "v1-050": medium, resnet50 } = networks;

export default definePair({
  ...common,
  name: "imagenet-paper",
  description:
    "ImageNet as in the paper: networks of the strengths of AlexNet, GoogLeNet, ResNet-50",
  models: { "v1-025": small, "v1-050": medium, resnet50 },
  graph: { "v1-025": ["v1-050", "resnet50"], "v1-050": ["resnet50"], resnet50: [] },
});
