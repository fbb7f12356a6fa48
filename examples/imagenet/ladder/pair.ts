import { definePair } from "sluice";
import { common, networks } from "../networks.ts";

export default definePair({
  ...common,
  name: "imagenet-ladder",
  description: "ImageNet with four networks, each of which may be followed by any larger one",
  models: networks,
  graph: {
    "v1-025": ["v1-050", "v2-100", "resnet50"],
    "v1-050": ["v2-100", "resnet50"],
    "v2-100": ["resnet50"],
    resnet50: [],
  },
});
