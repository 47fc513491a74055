/** What documents, messages and the page are made of: whatever one of them needs to know is a field. */
export const madeOfFields = [
  'electron/{documents,ipc,cli,settlement,claims,card-reading,identification}/**/*.ts',
  'renderer/**/*.{ts,tsx}',
  'shared/{contracts,pack-checks,pack-words}/**/*.ts',
];

/** Results of the first version had sentences alone; the one place that reads them says so itself. */
export const readsOldSentences = 'shared/contracts/result-json-of-version-0.ts';

const message = 'A fact is a field: no sentence that the program wrote is read again.';
const readers =
  '/^(split|indexOf|lastIndexOf|match|matchAll|search|startsWith|endsWith|includes|replace|replaceAll|slice|substring)$/';
const words = '/^(zh|en)$/';

/** Ways of reading a fact out of a sentence, as syntax. `zh` and `en` are the two halves of every text. */
export const textParsing = [
  {
    selector: `CallExpression[callee.property.name=${readers}][callee.object.property.name=${words}]`,
    message,
  },
  {
    selector: `CallExpression[callee.property.name=/^(exec|test)$/] > MemberExpression.arguments[property.name=${words}]`,
    message,
  },
  {
    selector: `BinaryExpression[operator=/^[!=]==?$/] > MemberExpression[property.name=${words}]`,
    message,
  },
  {
    selector: 'BinaryExpression[operator=/^[!=]==?$/] > Literal[value=/[\\u4e00-\\u9fff]/]',
    message,
  },
  {
    selector: `CallExpression[callee.property.name=${readers}] > Literal.arguments[value=/[\\u4e00-\\u9fff：，；（）]/]`,
    message,
  },
];
