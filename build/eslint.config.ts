import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { madeOfFields, readsOldSentences, textParsing } from './no-text-parsing.ts';

/** Code that must give the same answer for the same arguments names neither clock nor chance. */
const pureFolders = ['shared/money/**/*.ts', 'shared/policy/**/*.ts', 'shared/domain/**/*.ts'];

export default defineConfig(
  globalIgnores(['out/', 'node_modules/', 'coverage/', '.bench/', '**/fixtures/']),
  {
    files: ['**/*.{ts,tsx,mjs}'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: 'tsconfig.lint.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Amounts, counts and names are written into sentences everywhere.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // It does not know a branded number, which every amount is, for a number; the compiler does.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      // Spreading a text gives its characters, four-byte ones whole: that is what names and cards need.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // The compiler knows every name, also in plain JavaScript.
      'no-undef': 'off',
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['error', 'warn'] }],
      'prefer-const': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.test.{ts,tsx}', 'electron/e2e/**/*.ts'],
    rules: {
      // A test of many cases reads better as one table than as several files.
      'max-lines': 'off',
      // describe and it take what they are given and return nothing that matters.
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    // A type given in a comment is seen by the compiler, but not by this rule.
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    files: ['build/**/*.{ts,mjs}', 'electron/cli.ts', 'electron/cli/**/*.ts', 'electron/host.ts'],
    // These are programs that speak to a person or a script.
    rules: { 'no-console': 'off' },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    files: madeOfFields,
    ignores: ['**/*.test.{ts,tsx}', '**/*.test-support.ts', '**/testing/**', readsOldSentences],
    rules: { 'no-restricted-syntax': ['error', ...textParsing] },
  },
  {
    files: pureFolders,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time comes in as an argument: nothing pure reads the clock.',
        },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'Time comes in as an argument: nothing pure reads the clock.',
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'Chance comes in as an argument: nothing pure throws dice.',
        },
        ...textParsing,
      ],
      'no-restricted-globals': [
        'error',
        { name: 'performance', message: 'Nothing pure reads the clock.' },
        { name: 'crypto', message: 'Nothing pure throws dice.' },
      ],
    },
  },
);
