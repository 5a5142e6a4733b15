// An interface of the contract, as a module: the one that the address names.

import { hosted } from "./host.mjs";

export default hosted(new URL(import.meta.url).searchParams.get("name"));
