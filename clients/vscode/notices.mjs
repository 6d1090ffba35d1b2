/** Writes the licences of what esbuild bundled, as their terms ask, beside the bundle. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const { inputs } = JSON.parse(readFileSync('dist/bundle.json', 'utf8'));
const folders = Object.keys(inputs).map((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
const notices = [...new Set(folders)].filter(Boolean).sort().map(notice);
writeFileSync('dist/NOTICES.txt', `Raincheck's extension contains these packages.\n\n${notices.join('\n')}`);

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) {
    throw new Error(`${folder} comes without the text of its licence (${license})`);
  }
  return `${'-'.repeat(72)}\n${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
}
