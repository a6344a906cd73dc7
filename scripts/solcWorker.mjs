// Compiles the standard JSON `input` that a thread is started with, by the `compiler` (address of a `soljson.js`), and answers with
// the output.
//
// A thread, because threads of a process share the machine code of a WebAssembly module, which each process makes anew. And solc
// is C++: each call that may throw goes out to JavaScript, which asks the table of functions for the function, and
// `WebAssembly.Table.get` took a third of a compile. Here the table's answers are kept until it changes.
import { parentPort, workerData } from "node:worker_threads";
import wrapper from "solc/wrapper.js";

const { get, set, grow } = WebAssembly.Table.prototype;
let table;
let functions = [];

WebAssembly.Table.prototype.get = function (index) {
  if (this === table) {
    const known = functions[index];
    if (known !== undefined) return known;
  } else forget(this);
  const found = get.call(this, index);
  functions[index] = found;
  return found;
};

WebAssembly.Table.prototype.set = function (...args) {
  forget();
  set.apply(this, args);
};

WebAssembly.Table.prototype.grow = function (...args) {
  forget();
  return grow.apply(this, args);
};

const { default: soljson } = await import(workerData.compiler);
parentPort.postMessage(wrapper(soljson).compile(workerData.input));

function forget(next) {
  table = next;
  functions = [];
}
