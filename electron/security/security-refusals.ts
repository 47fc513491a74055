import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import type { Words } from '../../shared/domain/result.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';

/** What a user may not do, who is not one, and why somebody does not come in; `place` is the option that named the user. */
export const securityRefusal = declareRefusals({
  'not-allowed': ({ name, place }: { readonly name: string; readonly place?: string }) => ({
    message: {
      zh: `${name} 的岗位不能做这一步，没有执行。`,
      en: `${name} may not do this; nothing was done.`,
    },
    money: 'none',
    ...(place === undefined ? {} : { place }),
    remedy: { zh: '请由有权限的同事操作。', en: 'Have a colleague who may do it.' },
  }),
  'not-signed-in': {
    message: {
      zh: '这个窗口还没有人登录，没有执行。',
      en: 'Nobody has signed in at this window; nothing was done.',
    },
    money: 'none',
    remedy: { zh: '请先登录。', en: 'Sign in first.' },
  },
  'second-person-needed': {
    message: {
      zh: '这一步要由另一个人批准，不能自己批准自己。没有执行。',
      en: 'This is approved by a second person, never by who does it. Nothing was done.',
    },
    money: 'none',
    remedy: { zh: '请另一位主管批准后重试。', en: 'Have another supervisor approve it.' },
    place: '/approvedBy',
  },
  'request-unknown': {
    message: {
      zh: '没有这个批准申请，或者它不是为这一步、这个人申请的。没有执行。',
      en: 'There is no such request, or it is for another step or another person. Nothing was done.',
    },
    money: 'none',
    remedy: { zh: '请重新申请批准。', en: 'Ask for approval again.' },
  },
  'request-decided': {
    message: {
      zh: '这个批准申请已经有人处理过，没有再改。',
      en: 'This request was decided already; nothing was changed.',
    },
    money: 'none',
    remedy: { zh: '请重新打开列表查看。', en: 'Look at the list again.' },
  },
  'request-expired': {
    message: {
      zh: '这个批准申请已经过期，没有执行。',
      en: 'This request has expired; nothing was done.',
    },
    money: 'none',
    remedy: { zh: '请重新申请批准。', en: 'Ask for approval again.' },
  },
  'request-not-approved': {
    message: {
      zh: '这个批准申请还没有人批准、没有获准，或者已经用过。没有执行。',
      en: 'This request is not approved, was refused, or is used up. Nothing was done.',
    },
    money: 'none',
    remedy: { zh: '请主管先批准。', en: 'Have a supervisor approve it first.' },
  },
  'request-reason-missing': {
    message: {
      zh: '申请批准、拒绝申请或紧急办理，必须写明原因。没有执行。',
      en: 'A request, refusing one, or what is done in an emergency, needs its reason. Nothing was done.',
    },
    money: 'none',
    remedy: { zh: '请写明原因后重试。', en: 'State the reason and try again.' },
  },
  'request-for-no-day': {
    message: {
      zh: '要确认的业务日不是一个日期，没有申请。',
      en: 'What is to be approved as the business date is no day; nothing was asked.',
    },
    money: 'none',
    remedy: {
      zh: '请按“年-月-日”写明要确认的业务日，例如 2026-11-30。',
      en: 'State the day as year, month and day, such as 2026-11-30.',
    },
    place: '/about',
  },
  'too-many-requests': {
    message: {
      zh: '您还有太多批准申请没有处理，没有再申请。',
      en: 'Too many requests of yours still wait; nothing was asked.',
    },
    money: 'none',
    remedy: { zh: '请主管先处理已有的申请。', en: 'Have a supervisor decide those first.' },
  },
  'emergency-not-possible': ({
    amountFen,
    unseen,
  }: {
    readonly amountFen: Fen;
    readonly unseen: number;
  }) => ({
    message: {
      zh: `这一步不能一个人紧急办理：金额不超过 ${yuanTextFromFen(amountFen)} 元，并且还没有主管看过的不到 ${String(unseen)} 笔，才可以。没有执行。`,
      en: `Nobody does this alone: only up to ${yuanTextFromFen(amountFen)} yuan, and with fewer than ${String(unseen)} that no supervisor has looked at. Nothing was done.`,
    },
    money: 'none',
    remedy: {
      zh: '请申请批准，主管来后处理；或请主管先查看已经紧急办理的。',
      en: 'Leave a request, or have a supervisor look at what was done in an emergency.',
    },
  }),
  'session-unknown': {
    message: {
      zh: '没有这个窗口，或者它已经结束，没有执行。',
      en: 'There is no such page, or it has ended already; nothing was done.',
    },
    money: 'none',
    remedy: { zh: '请重新打开窗口列表查看。', en: 'Look at the list of pages again.' },
  },
  'user-unknown': ({ userId, place }: { readonly userId: string; readonly place: string }) => ({
    message: {
      zh: `没有这个用户：${userId.slice(0, 40)}。`,
      en: `There is no user ${userId.slice(0, 40)}.`,
    },
    money: 'none',
    place,
    remedy: { zh: '请换有权限的用户。', en: 'Name a user who may.' },
  }),
  /** The one answer to whoever does not come in: it tells a guesser nothing. */
  'sign-in-refused': ({
    place,
    withPin = false,
  }: {
    readonly place?: string;
    readonly withPin?: boolean;
  }) => ({
    message: {
      zh: `没有登录：${withPin ? '用户名、密码或证书 PIN ' : '用户名或密码'}不对，或者因为连续输错暂时不能登录。`,
      en: `You are not signed in: the name or the password${withPin ? ' or the PIN of the certificate' : ''} is wrong, or it was wrong too often just now.`,
    },
    money: 'none',
    ...(place === undefined ? {} : { place }),
    remedy: {
      zh: '请核对大小写后再试；连续输错后要等几分钟；忘记密码请管理员重设。',
      en: 'Mind capitals and try again, after some minutes if it was wrong several times; an administrator resets a forgotten password.',
    },
  }),
  /** The same for everybody who does not come in without a PIN, where the folder has certificates. */
  'certificate-asked': ({ place }: { readonly place?: string }) => ({
    message: {
      zh: '没有登录：用户名或密码不对，或者还要证书的 PIN。',
      en: 'You are not signed in: the name or the password is wrong, or the PIN of a certificate is asked for as well.',
    },
    money: 'none',
    ...(place === undefined ? {} : { place }),
    remedy: {
      zh: '有证书的人请插上证书U盘，连同 PIN 再输一次；没有证书的人请核对用户名和密码。',
      en: 'If you have a certificate, put in its stick and enter all again with its PIN; if not, mind the name and the password.',
    },
  }),
  'certificate-missing': ({ place }: { readonly place?: string }) => ({
    message: {
      zh: '没有登录：没有找到这个用户名的证书密钥（证书U盘没有插好，或里面没有这个用户名的文件）。用户名和密码对不对没有说。',
      en: 'You are not signed in: no key of a certificate was found for this name (the stick is not in, or has no file of this name). Whether name and password are right is not said.',
    },
    money: 'none',
    ...(place === undefined ? {} : { place }),
    remedy: {
      zh: '请插好证书U盘再试；文件名是“用户名.p12”，放在哪里由设置 sign-in-certificates 定。',
      en: 'Put in the stick and try again; the file is named ID.p12, and the setting sign-in-certificates says where it lies.',
    },
  }),
  'certificate-expired': ({ place }: { readonly place?: string }) => ({
    message: {
      zh: '没有登录：密码和证书都对，但证书已经过期。',
      en: 'You are not signed in: password and certificate are right, but the certificate has expired.',
    },
    money: 'none',
    ...(place === undefined ? {} : { place }),
    remedy: {
      zh: '请管理员换上新证书：users certificate 用户名 --file 证书.pem。',
      en: 'Have an administrator set a new one: users certificate ID --file CERTIFICATE.pem.',
    },
  }),
  'certificate-bad': ({ why }: { readonly why: Words }) => ({
    message: {
      zh: `证书没有设上：${why.zh}。`,
      en: `The certificate was not set: ${why.en}.`,
    },
    money: 'unchanged',
    place: '--file',
    remedy: {
      zh: '请向发证书的机构要这位用户自己的、现在有效的证书。',
      en: 'Get the user’s own certificate, valid today, from whoever issues them.',
    },
  }),
  'certificates-not-set-up': {
    message: {
      zh: '还没有设证书密钥放在哪里，设上证书的人就登录不了了；没有设上。',
      en: 'It is not set where keys of certificates lie, so whoever gets one could not sign in; nothing was set.',
    },
    money: 'unchanged',
    remedy: {
      zh: '请先设：settings sign-in-certificates 文件夹（例如证书U盘的路径）。',
      en: 'Set it first: settings sign-in-certificates FOLDER (such as the path of a stick).',
    },
  },
  'certificates-in-use': ({ users }: { readonly users: number }) => ({
    message: {
      zh: `还有 ${String(users)} 位用户要用证书登录，关掉后他们就登录不了了；没有关。`,
      en: `${String(users)} users sign in with a certificate and could not any more; it was not switched off.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请先逐个取消：users certificate 用户名 --remove。',
      en: 'Take theirs away first: users certificate ID --remove.',
    },
  }),
  'sign-in-busy': {
    message: {
      zh: '同时登录的人太多，这一次没有核对密码。',
      en: 'Too many sign in at once; this password was not looked at.',
    },
    money: 'none',
    remedy: { zh: '请过几秒再试。', en: 'Try again in some seconds.' },
  },
  'sign-in-overtaken': {
    message: {
      zh: '这个窗口上同时有另一次登录先完成了，这一次没有登录。',
      en: 'Another sign-in at this page was done first; you are not signed in.',
    },
    money: 'none',
    remedy: {
      zh: '请看清屏幕上是谁登录的；不是您就按 F12，再登录一次。',
      en: 'See who is signed in; if it is not you, press F12 and sign in again.',
    },
  },
  'password-must-change': {
    message: {
      zh: '密码是管理员设的，或者已经到期，要先改密码；没有执行。',
      en: 'This password was set by an administrator or is too old; change it first. Nothing was done.',
    },
    money: 'none',
    remedy: {
      zh: '请先改密码（命令：change-password），再做这一步。',
      en: 'Change it (command: change-password), then do this again.',
    },
  },
  'administrator-missing': {
    message: {
      zh: '这个数据文件夹还没有管理员，别的都不能做；以前的结算都还在。',
      en: 'This folder has no administrator yet, and nothing else can be done; earlier settlements are all there.',
    },
    money: 'none',
    remedy: {
      zh: '请先建管理员：users add 用户名 --name 姓名 --role administrator --password-stdin。',
      en: 'Make the administrator first: users add ID --name NAME --role administrator --password-stdin.',
    },
  },
  'users-are-demo': {
    message: {
      zh: '演示数据用固定的五个用户，不用密码，不能增减。',
      en: 'A demo has its five users, who need no password; there are no others.',
    },
    money: 'unchanged',
    remedy: {
      zh: '正式使用请新建数据文件夹（--init），先建管理员。',
      en: 'For real use make a folder of its own (--init) and its administrator first.',
    },
  },
  'user-id-bad': {
    message: {
      zh: '用户名只能用小写字母、数字和 . _ -，以字母或数字开头，最多 32 个字符。',
      en: 'A user id is made of small letters, digits and . _ -, begins with a letter or digit, and has 32 characters at most.',
    },
    money: 'unchanged',
    remedy: { zh: '请用工号或姓名拼音。', en: 'Use the staff number or the name in Pinyin.' },
  },
  'user-id-taken': ({ userId }: { readonly userId: string }) => ({
    message: {
      zh: `用户名 ${userId} 已有人用过，或与别人的太像，或程序自己要用。`,
      en: `The id ${userId} is or was somebody's, looks like somebody's, or is the program's own.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请换一个；离职的人的用户名不再给别人。',
      en: 'Choose another; the id of one who left is not given again.',
    },
  }),
  'user-name-bad': {
    message: {
      zh: '姓名要有 1 到 50 个字，不能有看不见的字符。',
      en: 'A name has 1 to 50 characters, none of them invisible.',
    },
    money: 'unchanged',
    remedy: { zh: '请重新输入姓名。', en: 'Enter the name again.' },
  },
  'user-name-taken': ({ name }: { readonly name: string }) => ({
    message: {
      zh: `已有一位在岗的 ${name}，单据上会分不清是谁。`,
      en: `Another ${name} works here; on paper the two could not be told apart.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请在姓名后加科室或序号，例如 张伟（急诊）。',
      en: 'Add the department or a number to the name.',
    },
  }),
  'password-weak': ({ problems }: { readonly problems: readonly Words[] }) => ({
    message: {
      zh: `这个密码不能用：${problems.map(({ zh }) => zh).join('；')}。`,
      en: `This cannot be the password: ${problems.map(({ en }) => en).join('; ')}.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请换一个长一些、不含姓名的密码，例如几个不相干的词加数字和符号。',
      en: 'Choose a longer one without your name, such as some unrelated words with digits and signs.',
    },
    details: problems,
  }),
  'user-ended': ({ userId }: { readonly userId: string }) => ({
    message: {
      zh: `用户 ${userId} 已停用，不再改动。`,
      en: `${userId} has left; nothing of that account changes any more.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '回来上班的人请用新的用户名。',
      en: 'Somebody who comes back gets a new id.',
    },
  }),
  'user-still-holds': ({ holdings }: { readonly holdings: readonly object[] }) => ({
    message: {
      zh: `还有 ${String(holdings.length)} 项（备用金、票据、未结事项）没有移交，账号没有停用。`,
      en: `${String(holdings.length)} things (float, receipts, open cases) are not handed over; the account goes on.`,
    },
    money: 'unchanged',
    remedy: { zh: '请先把这些移交给同事。', en: 'Hand them over to a colleague first.' },
    details: holdings,
  }),
  'ends-self': {
    message: {
      zh: '管理员不能停用自己，也不能改自己的岗位。',
      en: 'An administrator neither ends nor changes the own account.',
    },
    money: 'unchanged',
    remedy: { zh: '请由另一位管理员操作。', en: 'Have another administrator do it.' },
  },
  'last-administrator': {
    message: {
      zh: '这是最后一位管理员；没有管理员就谁也管不了用户了。',
      en: 'This is the last administrator; without one nobody could look after users.',
    },
    money: 'unchanged',
    remedy: { zh: '请先再建一位管理员。', en: 'Make another administrator first.' },
  },
  'mentor-missing': {
    message: {
      zh: '见习人员要有一位在岗的带教班组长。',
      en: 'A trainee needs a mentor: a supervisor who works here.',
    },
    money: 'unchanged',
    remedy: { zh: '请写明带教的班组长。', en: 'Name the supervisor who is the mentor.' },
  },
  'trainee-limit': ({
    mentor,
    limitFen,
  }: {
    readonly mentor: string;
    readonly limitFen: number;
  }) => ({
    message: {
      zh: `见习人员单笔最多结算 ${yuanTextFromFen(fen(limitFen))} 元（患者负担），这一笔超过了。`,
      en: `A trainee settles ${yuanTextFromFen(fen(limitFen))} yuan (the patient's part) at most; this is more.`,
    },
    money: 'not-settled',
    remedy: {
      zh: `请带教 ${mentor} 按 F12 换成自己登录来确认，屏幕上的内容还在；命令用 --approved-by。`,
      en: `Have your mentor ${mentor} sign in here with F12 and confirm, the screen stays as it is; a command takes --approved-by.`,
    },
  }),
  'trainee-no-refund': ({ mentor }: { readonly mentor: string }) => ({
    message: {
      zh: '见习人员不能退款，也不能取消结算。',
      en: 'A trainee gives no money back and cancels nothing.',
    },
    money: 'unchanged',
    remedy: {
      zh: `请带教 ${mentor} 或其他收费员按 F12 换成自己登录来做，屏幕上的内容还在。`,
      en: `Have your mentor ${mentor} or another cashier sign in here with F12 and do it; the screen stays as it is.`,
    },
  }),
  'service-role': {
    message: {
      zh: '无人值守账号只能是信息科岗位，不能改成别的。',
      en: 'An account of a program is an IT clerk and nothing else.',
    },
    money: 'unchanged',
    remedy: { zh: '请用 it-clerk。', en: 'Use it-clerk.' },
  },
});
