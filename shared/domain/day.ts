/** A calendar day in Asia/Shanghai, `YYYY-MM-DD`. */
export type Day = string;
