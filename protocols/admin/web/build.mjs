// Builds the page's files and a C++ source that holds them:
//   node build.mjs --output FOLDER     FOLDER/files.cpp, and the files themselves beside it to look at
//   node build.mjs --types-only        only generated/contract.ts, which the type check needs
// Names of scripts and styles carry a hash of what is in them, so they may be kept for ever.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { contractTypes, readContract } from "./contract_types.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const types = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

// Whole, or as it was before: several builds may be at it.
function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, content);
  renameSync(`${path}.${process.pid}`, path);
}

const extension = (name) => name.slice(name.lastIndexOf(".") + 1);

function hashed(name, octets) {
  const hash = createHash("sha256").update(octets).digest("hex").slice(0, 10);
  return `/assets/${name.replace(/\.[^.]+$/, "")}-${hash}.${extension(name)}`;
}

async function bundle() {
  const built = await build({
    entryPoints: ["src/main.tsx", "src/style.css", "src/demo.tsx", "src/demo.css"].map((file) => join(here, file)),
    bundle: true,
    minify: true,
    write: false,
    outdir: "out",
    format: "esm",
    target: "es2020",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    charset: "utf8",
  });
  const files = built.outputFiles.map((file) => ({ stem: file.path.split("/").pop(), octets: file.contents }));
  return [...files, { stem: "icon.svg", octets: readFileSync(join(here, "icon.svg")) }];
}

function page(name, assets) {
  const html = readFileSync(join(here, name), "utf8");
  return html.replace(/%(\w+\.\w+)%/g, (_, stem) => assets.find((one) => one.stem === stem).path);
}

function hexadecimal(octets) {
  const lines = [];
  for (let at = 0; at < octets.length; at += 32) {
    lines.push([...octets.subarray(at, at + 32)].map((octet) => octet + ",").join(""));
  }
  return lines.join("\n");
}

function cpp(files) {
  const arrays = [],
    rows = [];
  files.forEach(({ path, octets }, i) => {
    const packed = gzipSync(octets, { level: 9 });
    arrays.push(`constexpr unsigned char kPlain${i}[] = {\n${hexadecimal(octets)}\n};`);
    arrays.push(`constexpr unsigned char kPacked${i}[] = {\n${hexadecimal(packed)}\n};`);
    rows.push(`      {"${path}", "${types[extension(path)] ?? types.html}", octets(kPlain${i}), octets(kPacked${i})},`);
  });
  return `// Made from the web application by build.mjs.
#include "protocols/admin/web/files.h"

namespace postern::web {
namespace {

template <std::size_t size>
std::string_view octets(const unsigned char (&array)[size]) {
  return {reinterpret_cast<const char*>(array), size};
}

${arrays.join("\n")}

}  // namespace

const std::vector<File>& files() {
  static const std::vector<File> all = {
${rows.join("\n")}
  };
  return all;
}

}  // namespace postern::web
`;
}

write(join(here, "generated/contract.ts"), contractTypes(readContract(join(here, "../openapi"))));
if (!process.argv.includes("--types-only")) {
  const output = process.argv[process.argv.indexOf("--output") + 1];
  const assets = (await bundle()).map((one) => ({ ...one, path: hashed(one.stem, one.octets) }));
  const pages = Object.entries({ "/": "index.html", "/demo": "demo.html" });
  const files = [...pages.map(([path, name]) => ({ path, octets: Buffer.from(page(name, assets)) })), ...assets];
  for (const { path, octets } of files) write(join(output, Object.fromEntries(pages)[path] ?? path), octets);
  write(join(output, "files.cpp"), cpp(files));
}
