// npm leaves out, without a word, an optional package whose `engines` do not admit the Node that runs npm; on
// Debian's own Node 18 those are the native parts of the bundler. What was installed will run on the pinned
// Node, so npm is loaded with this file and told that version. No package's own script runs meanwhile.
const { devDependencies } = require('../../package.json');

Object.defineProperty(process, 'version', { value: `v${devDependencies.node}` });
