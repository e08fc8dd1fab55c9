// The API's contract as TypeScript: a type for each schema, and for each operation what it takes and gives, so
// that a call that the contract does not know is refused by the compiler. Made anew by each build.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export function readContract(folder) {
  const parts = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
  return parse(parts.map((name) => readFileSync(join(folder, name), "utf8")).join(""));
}

export function contractTypes(contract) {
  const lines = ["// Made from the contract by contract_types.mjs."];
  for (const [name, schema] of Object.entries(contract.components.schemas)) {
    lines.push(`export type ${name} = ${typeOf(schema)};`);
  }
  const rows = [];
  lines.push("export interface Operations {");
  for (const { id, method, path, operation, parameters } of operationsOf(contract)) {
    lines.push(`  ${id}: {`, `    args: ${argsOf(parameters)};`, `    body: ${bodyOf(operation)};`);
    lines.push(`    result: ${resultOf(contract, operation)};`, "  };");
    rows.push(`  ${id}: [${JSON.stringify(method.toUpperCase())}, ${JSON.stringify(path)}],`);
  }
  lines.push("}", "export const operations: { readonly [N in keyof Operations]: readonly [string, string] } = {");
  return [...lines, ...rows, "};", ""].join("\n");
}

function* operationsOf(contract) {
  const resolve = (one) => (one.$ref ? contract.components.parameters[nameIn(one.$ref)] : one);
  for (const [path, item] of Object.entries(contract.paths)) {
    for (const method of ["get", "post", "put", "patch", "delete"]) {
      const operation = item[method];
      if (!operation) continue;
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
      yield { id: operation.operationId, method, path, operation, parameters };
    }
  }
}

const nameIn = (reference) => reference.slice(reference.lastIndexOf("/") + 1);
const jsonSchema = (content) => Object.entries(content ?? {}).find(([type]) => type.endsWith("json"))?.[1].schema;

function argsOf(parameters) {
  const members = parameters
    .filter((one) => one.in === "path" || one.in === "query")
    .map((one) => `${JSON.stringify(one.name)}${one.required ? "" : "?"}: ${typeOf(one.schema)}`);
  return members.length ? `{ ${members.join("; ")} }` : "Record<never, never>";
}

function bodyOf(operation) {
  const schema = jsonSchema(operation.requestBody?.content);
  return schema ? typeOf(schema) : "undefined";
}

function resultOf(contract, operation) {
  const [, found] = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
  const response = found.$ref ? contract.components.responses[nameIn(found.$ref)] : found;
  const schema = jsonSchema(response.content);
  return schema ? typeOf(schema) : "undefined";
}

function typeOf(schema) {
  if (schema.$ref) return nameIn(schema.$ref);
  if (schema.allOf) return [...schema.allOf.map(typeOf), typeOf({ ...schema, allOf: undefined })].join(" & ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array":
      return `Array<${typeOf(schema.items)}>`;
    case "object":
    case undefined:
      return objectType(schema);
    default:
      return "string";
  }
}

function objectType(schema) {
  const values = schema.additionalProperties;
  if (!schema.properties) return `Record<string, ${typeof values === "object" ? typeOf(values) : "unknown"}>`;
  const wanted = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties).map(
    ([name, member]) => `${JSON.stringify(name)}${wanted.has(name) ? "" : "?"}: ${typeOf(member)}`,
  );
  return `{ ${members.join("; ")} }`;
}
