// Runs drizzle-orm's own migrate() with node-postgres: node migrate.mjs v0|v1 FOLDER URL
// Prints one line of JSON: {"ok": true}, or {"ok": false, "message": ..., "sqlstate": ..., "query": ...}.
import { createRequire } from "node:module";

const [version, migrationsFolder, connectionString] = process.argv.slice(2);
const require = createRequire(new URL(`./${version}/package.json`, import.meta.url));
const { Client } = require("pg");
const { drizzle } = require("drizzle-orm/node-postgres");
const { migrate } = require("drizzle-orm/node-postgres/migrator");

async function run() {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await migrate(drizzle({ client }), { migrationsFolder });
    return { ok: true };
  } catch (error) {
    const cause = error.cause ?? error;
    return { ok: false, message: cause.message, sqlstate: cause.code ?? null, query: error.query ?? null };
  } finally {
    await client.end();
  }
}

console.log(JSON.stringify(await run()));
