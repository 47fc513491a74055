/** A text people read, and where it stands. */
export type ReadText = { readonly path: string; readonly text: string };

/** Words that name a thing which has its one word already (glossary), and that word. */
export const forbiddenDoubles: readonly { readonly says: RegExp; readonly oneWord: string }[] = [
  { says: /病人/u, oneWord: '患者' },
  { says: /(?<!支付)环节/u, oneWord: '支付环节' },
  { says: /支付步骤|各步骤|本步骤/u, oneWord: '支付环节' },
  { says: /中草药/u, oneWord: '中药饮片费' },
  { says: /个人应付|个人支付/u, oneWord: '个人负担; what is due now: 应补 / 应退' },
  { says: /操作员|收银员|收款员/u, oneWord: '收费员' },
  { says: /结算号|结算编号|结算单编号/u, oneWord: '结算单号' },
  { says: /付费方|付款方/u, oneWord: '支付方' },
  { says: /小票/u, oneWord: '结算凭条' },
  { says: /收款方式/u, oneWord: '支付方式' },
];

/** Titles and sentences of laws are quotations, and the text of a landed pack is never edited. */
const keptAsTheyAre: readonly { readonly path: RegExp; readonly says: RegExp }[] = [
  { path: /policy-packs\/tiered-care-township\/1\.0\.0\/pack\.yaml$/, says: /特困病人|个人支付/u },
  { path: /policy-packs\/qingxu-2014\/1\.0\.0\/pack\.yaml$/, says: /个人支付部分取整到元/u },
  {
    path: /policy-packs\/(?:baishan-2017|guyuan-general-2017|pingjiang-2017)\/1\.0\.0\/pack\.yaml$/,
    says: /各环节到分/u,
  },
];

/** Every line that calls a thing by another word than its own; and pages that the program does not have. */
export function wordsThatDouble(
  texts: readonly ReadText[],
  pages: readonly string[],
): readonly string[] {
  return texts.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const place = `${path}:${String(index + 1)}`;
      if (keptAsTheyAre.some((kept) => kept.path.test(path) && kept.says.test(line))) return [];
      const doubles = forbiddenDoubles
        .filter(({ says }) => says.test(line))
        .map(({ says, oneWord }) => `${place}: ${says.exec(line)?.[0] ?? ''} is called ${oneWord}`);
      const missing = [...line.matchAll(/“([^“”]+)”页/gu)]
        .map(([, page = '']) => page)
        .filter((page) => !pages.includes(page))
        .map((page) => `${place}: there is no page ${page}`);
      return [...doubles, ...missing];
    }),
  );
}
