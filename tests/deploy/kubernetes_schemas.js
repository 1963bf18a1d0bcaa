// SPDX-License-Identifier: MIT
// kubernetes_schemas.js: reads [[NAME, YAML documents], ...] as JSON, and prints for each
// {"objects": [...], "faults": [...]}: what Kubernetes' schemas have against the objects.
// Runs beside a node_modules with the packages of package.json; kubernetes.py sees to that.
import { readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";
import { parseAllDocuments } from "yaml";

// The module that has the class and the type of the object's kind.
function moduleOf({ apiVersion, kind }) {
  const [group] = apiVersion.split("/");
  const library =
    group === "monitoring.coreos.com"
      ? "@kubernetes-models/prometheus-operator"
      : "kubernetes-models";
  return `${library}/${apiVersion}/${kind}`;
}

const nameOf = ({ kind, metadata }) => `${kind} ${metadata?.name}`;

// By the schemas: what must be there, and what a value may be.
async function checkValues(object) {
  try {
    const model = (await import(moduleOf(object)))[object.kind];
    new model(object).validate();
    return [];
  } catch (error) {
    return [`${nameOf(object)}: ${error.message}`];
  }
}

// By the types, as an object literal: a field that the kind does not have. The schemas allow
// such a field, a cluster drops it.
function checkFields(objects) {
  const files = objects.map((object, number) => {
    const file = `object-${number}.ts`;
    writeFileSync(
      file,
      `import type { I${object.kind} } from "${moduleOf(object)}";\n` +
        `export const object: I${object.kind} = ${JSON.stringify(object, null, 1)};\n`,
    );
    return file;
  });
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
  });
  return files.map((file, number) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))
      .map((text) => `${nameOf(objects[number])}: ${text}`),
  );
}

// Kustomize breaks base64 into lines, which a cluster takes and the schemas do not.
function joinLines(object) {
  for (const [file, data] of Object.entries(object.binaryData ?? {})) {
    object.binaryData[file] = data.replaceAll("\n", "");
  }
  return object;
}

const given = JSON.parse(readFileSync(0, "utf8"));
const results = given.map(([, text]) => ({
  objects: parseAllDocuments(text).map((document) => joinLines(document.toJS())),
  faults: [],
}));
const all = results.flatMap(({ objects, faults }) =>
  objects.map((object) => ({ object, faults })),
);
const fieldFaults = checkFields(all.map(({ object }) => object));
for (const [number, { object, faults }] of all.entries()) {
  faults.push(...(await checkValues(object)), ...fieldFaults[number]);
}
console.log(JSON.stringify(Object.fromEntries(given.map(([name], i) => [name, results[i]]))));
