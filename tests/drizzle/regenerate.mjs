// What drizzle-kit 0.31 writes between each two snapshots of a journal: node regenerate.mjs FOLDER
// Prints one line of JSON: the SQL of each migration by its tag.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(new URL("./v0/package.json", import.meta.url));
const { generateDrizzleJson, generateMigration } = require("drizzle-kit/api");

const folder = process.argv[2];
const json = (name) => JSON.parse(readFileSync(join(folder, "meta", name), "utf8"));

const written = {};
let before = generateDrizzleJson({});
for (const { tag } of json("_journal.json").entries) {
  const after = json(`${tag.split("_", 1)[0]}_snapshot.json`);
  written[tag] = (await generateMigration(before, after)).join("--> statement-breakpoint\n");
  before = after;
}
console.log(JSON.stringify(written));
