// What the project's own drizzle-kit writes between its snapshots, asked through drizzle-kit's API.
// Standard input: {"root": the project's folder, "snapshots": [[tag, text of its snapshot], ...] in run order}.
// Last line of standard output: {"version": of drizzle-kit, "statements": {tag: [SQL, ...], or null where it cannot say}}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const answer = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr); // drizzle-kit talks there
console.log = console.info = console.error;

const { root, snapshots } = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(join(root, "package.json"));

function load(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code === "MODULE_NOT_FOUND" || error.code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw error;
  }
}

// The package file cannot be asked for by name: it is not among what drizzle-kit exports.
function version(entry) {
  for (let folder = dirname(require.resolve(entry)); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (name === "drizzle-kit") return version;
    } catch {
      // not in this folder
    }
  }
  return "";
}

const parsed = snapshots.map(([tag, text]) => {
  try {
    return [tag, text === null ? null : JSON.parse(text)];
  } catch {
    return [tag, null];
  }
});

// 0.x: each snapshot holds the whole schema. What needs an answer to "renamed or created?" throws.
async function ofJournal({ generateDrizzleJson, generateMigration }) {
  const statements = {};
  let before = generateDrizzleJson({});
  for (const [tag, after] of parsed) {
    statements[tag] = before && after ? await generateMigration(before, after).catch(() => null) : null;
    before = after;
  }
  return statements;
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

// 1.0: a snapshot holds what changed, and with it the answers to "renamed or created?".
async function ofFolders({ reconstruct, generateMigration }) {
  const statements = {};
  const files = {};
  const states = { [NOBODY]: { version: "9", dialect: "postgres", id: NOBODY, prevIds: [], ddl: [] } };
  for (const [tag, snapshot] of parsed) {
    statements[tag] = null;
    if (!snapshot) continue;
    files[tag] = snapshot;
    try {
      states[snapshot.id] = await reconstruct(files, snapshot.id);
      const [parent, ...others] = snapshot.prevIds;
      if (!others.length && states[parent])
        statements[tag] = await hinted(generateMigration, states[parent], states[snapshot.id], snapshot.deltas ?? []);
    } catch {
      // it stays unknown
    }
  }
  return statements;
}

async function hinted(generateMigration, before, after, deltas) {
  const renames = deltas.filter(({ op }) => op === "rename").map(renamed);
  let hints = [];
  for (;;) {
    try {
      return await generateMigration(before, after, { hints });
    } catch ({ missingHints }) {
      const found = (missingHints ?? []).filter(({ type }) => type === "rename_or_create").map((one) => hint(one, renames));
      if (!found.length || found.length !== missingHints.length) return null;
      hints = [...hints, ...found];
    }
  }
}

// {"op": "rename", "key": "columns\0[\"public\",\"t\",\"old\"]", "set": {"name": "new"}}
function renamed({ key, set }) {
  const [collection, path] = key.split("\0");
  const from = JSON.parse(path);
  const to = [...from];
  if (set.name !== undefined) to[to.length - 1] = set.name;
  if (set.schema !== undefined) to[0] = set.schema;
  return { collection, from, to };
}

function hint({ kind, entity }, renames) {
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const direct = renames.find(({ to }) => same(to, entity));
  if (direct) return { type: "rename", kind, from: direct.from, to: entity };
  const schema = renames.find(({ collection, to }) => collection === "schemas" && to[0] === entity[0]);
  if (schema && entity.length > 1)
    return { type: "rename", kind, from: [schema.from[0], ...entity.slice(1)], to: entity };
  return { type: "create", kind, entity };
}

const folders = load("drizzle-kit/api-postgres");
const journal = folders ? undefined : load("drizzle-kit/api");
const statements = folders ? await ofFolders(folders) : journal ? await ofJournal(journal) : null;
const entry = folders ? "drizzle-kit/api-postgres" : "drizzle-kit/api";
answer(`\n${JSON.stringify({ version: statements ? version(entry) : "", statements })}\n`);
process.exit(0);
