#!/usr/bin/env node
// Refuses an old Node in words before anything that it cannot parse or lacks is loaded, then starts the command line.
// Plain JavaScript of any age: no await, no types. The published package has it as cli.js, with lib/main.js in place of clone.ts.
const { node } = process.versions;

if (Number(node.split('.')[0]) < 24) {
  console.error(`attachlab needs Node 24 or newer; this is v${node}`);
  process.exitCode = 2;
} else {
  // Node keeps compiled code below the temporary folder for the next call; NODE_DISABLE_COMPILE_CACHE=1 turns that off.
  import('node:module').then(({ enableCompileCache }) => {
    enableCompileCache();
    return import('./clone.ts');
  });
}
