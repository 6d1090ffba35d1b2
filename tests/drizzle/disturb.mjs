// What comes between migrate() and its server, for the proofs of fixes: an interruption, or a look at what is blocked.
// `admin` opens another connection.

const BLOCKED = "55P03";
const WORKED =
  "SELECT relid::regclass::text AS name, seq_tup_read + coalesce(idx_tup_fetch, 0) AS read FROM pg_stat_xact_user_tables";

/** Take a client's queries: `disturb` says what to do. Gives what was seen of each query, and a way to leave. */
export async function disturbed(client, admin, { at = 0, within = false, table = "" }) {
  const other = await admin();
  const pid = (await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
  let inside = false;
  client.connection.on("readyForQuery", ({ status }) => (inside = status === "T"));
  client.on("error", () => {}); // of the connection that is cut
  const send = client.query.bind(client);
  const seen = [];
  const steps = { client, other, admin, pid, send, table, inside: () => inside };
  client.query = async (config, values) => {
    const text = config.text ?? config;
    seen.push({ text });
    if (seen.length === at) return within ? await cutWithin(steps, config, values) : await cutBefore(steps, config, values);
    return table ? await watched(steps, seen.at(-1), config, values) : await send(config, values);
  };
  return {
    seen,
    async leave() {
      client.query = send;
      await other.end();
    },
  };
}

/** The connection is gone when the query is sent. */
async function cutBefore({ send, other, pid }, config, values) {
  await terminated(other, pid);
  return await send(config, values);
}

/** The server is stopped while it works at the query: at the latest where it waits for a transaction that others have. */
async function cutWithin(steps, config, values) {
  const held = await holding(steps);
  const answer = steps.send(config, values).then(() => null, (error) => error);
  await waits(steps, answer);
  await terminated(steps.other, steps.pid);
  await held.end();
  throw (await answer) ?? new Error("it ended before it could be stopped");
}

/** Send a query, and see who could read and write the table at the time of its work, and which tables it read whole. */
async function watched(steps, seen, config, values) {
  const { send, inside } = steps;
  if (/\bCONCURRENTLY\b/i.test(seen.text) && !inside()) return await watchedConcurrent(steps, seen, config, values);
  const alone = !inside() && !/^\s*(BEGIN|COMMIT|ROLLBACK|START|END|SET|RESET)\b/i.test(seen.text);
  if (alone) await send("BEGIN"); // its locks are gone when it has committed by itself
  const before = inside() ? await reads(send) : {};
  const answer = await send(config, values);
  if (inside()) {
    seen.reads = difference(before, await reads(send));
    Object.assign(seen, await probed(steps));
  }
  if (alone) await send("COMMIT");
  return answer;
}

/** The same, while it waits for a writer that is there already: it is in the midst of its work then. */
async function watchedConcurrent(steps, seen, config, values) {
  const held = await holding(steps);
  const answer = steps.send(config, values);
  if (await waits(steps, answer)) Object.assign(seen, await probed(steps), { reads: {}, amid: true });
  await held.end();
  return await answer;
}

/** A transaction that has written to the table, or to all there are. */
async function holding({ admin, other, table }) {
  const held = await admin();
  const all =
    "SELECT format('%I.%I', nspname, relname) AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace " +
    "WHERE relkind IN ('r', 'p') AND nspname !~ '^(pg_|information_schema$|drizzle$)'";
  const names = table ? [table] : (await other.query(all)).rows.map(({ name }) => name);
  await held.query("BEGIN");
  for (const name of names) await held.query(`LOCK TABLE ${name} IN ROW EXCLUSIVE MODE`);
  return held;
}

/** Whether the session comes to wait for a lock before it has its answer. */
async function waits({ other, pid }, answer) {
  let ended = false;
  const over = () => (ended = true);
  answer.then(over, over);
  while (!ended) {
    const { rows } = await other.query(`SELECT FROM pg_locks WHERE pid = ${pid} AND NOT granted`);
    if (rows.length) return true;
  }
  return false;
}

async function terminated(other, pid) {
  await other.query(`SELECT pg_terminate_backend(${pid})`);
  while ((await other.query(`SELECT 1 FROM pg_stat_activity WHERE pid = ${pid}`)).rows.length);
}

async function reads(send) {
  return Object.fromEntries((await send(WORKED)).rows.map(({ name, read }) => [name, Number(read)]));
}

function difference(before, after) {
  return Object.fromEntries(Object.entries(after).map(([name, read]) => [name, read - (before[name] ?? 0)]));
}

/** What others can do at this moment without waiting. */
async function probed({ admin, table }) {
  const one = await admin();
  await one.query("SET lock_timeout = '20ms'");
  const blocked = {
    read: await refused(one, `SELECT FROM ${table} LIMIT 0`),
    write: await refused(one, `DELETE FROM ${table} WHERE false`),
    rows: await refused(one, `SELECT FROM ${table} FOR NO KEY UPDATE`),
  };
  await one.end();
  return { blocked };
}

async function refused(one, sql) {
  try {
    await one.query(sql);
    return false;
  } catch ({ code, message }) {
    if (code === BLOCKED) return true;
    if (["42P01", "3F000", "42809", "55000", "0A000"].includes(code)) return false; // not there any more; nothing to write to
    throw new Error(`${sql}: ${message}`);
  }
}
