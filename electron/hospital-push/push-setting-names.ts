/** What may be set about bills that are pushed and results that are called back. */
export const pushSettingNames = [
  'hospital-push',
  'hospital-push-certificate',
  'hospital-push-key',
  'hospital-results-url',
  'hospital-results-secret',
  'hospital-results-authority',
] as const;
