/** A name as it is written, and as it goes into an account name. */
export interface Name {
  readonly written: string;
  readonly plain: string;
}

/** Latin letters lose their marks; other scripts bring their transcription. */
function name(text: string): Name {
  const [written = '', transcribed] = text.split('=');
  const plain = transcribed ?? written.normalize('NFD').replace(/[^A-Za-z]/g, '');
  return { written, plain: plain.toLowerCase() };
}

export const givenNames: readonly Name[] =
  'Ada Grace Edsger Barbara Alan Katherine Donald Radia Linus Margaret Dennis Frances Niklaus Adele Ken Shafi Leslie Zoë Åsa Łukasz=lukasz René Chloé Jürgen Søren=soren Nuño Iñaki Noor François Måns Željko Ælfric=aelfric Ngọc Siobhán Seán Thúy Николай=nikolai Ольга=olga Ελένη=eleni Γιώργος=giorgos 伟=wei 美玲=meiling 健太=kenta さくら=sakura 민준=minjun عمر=omar ليلى=layla नेहा=neha דוד=david'
    .split(' ')
    .map(name);

export const surnames: readonly Name[] =
  "Lovelace Hopper Dijkstra Liskov Turing Johnson Knuth Perlman Torvalds Hamilton Ritchie Allen Wirth Goldberg Thompson Goldwasser Lamport Müller Østergård=oestergaard Nowak Dvořák García Şahin=sahin O'Neill D'Angelo Nguyễn Björnsson Lefèvre Kovács Ivanov=ivanov Петрова=petrova Παπαδόπουλος=papadopoulos 李=li 田中=tanaka 김=kim حداد=haddad शर्मा=sharma כהן=cohen van=vanderberg Smith-Jones"
    .split(' ')
    .map(name);

export interface Department {
  readonly name: string;
  readonly teams: readonly string[];
  readonly titles: readonly string[];
}

export const departments: readonly Department[] = [
  {
    name: 'Engineering',
    teams: ['Platform', 'Compilers', 'Networks', 'Quality'],
    titles: ['Engineer', 'Senior Engineer', 'Architect'],
  },
  { name: 'Research', teams: ['Cryptography', 'Languages', 'Robotics'], titles: ['Researcher', 'Senior Researcher'] },
  { name: 'Sales', teams: ['North', 'South', 'Partners'], titles: ['Account Manager', 'Sales Representative'] },
  { name: 'Finance', teams: ['Payroll', 'Controlling'], titles: ['Accountant', 'Controller'] },
  {
    name: 'Operations',
    teams: ['Helpdesk', 'Datacenter', 'Logistics'],
    titles: ['Operator', 'Technician', 'Shift Lead'],
  },
  { name: 'Marketing', teams: ['Events', 'Design'], titles: ['Editor', 'Designer'] },
];

export interface Office {
  readonly city: string;
  readonly country: string;
  readonly code: string;
  /** ISO 3166-1 numeric. */
  readonly number: string;
  readonly prefix: string;
}

export const corpOffices: readonly Office[] = [
  { city: 'Seattle', country: 'United States', code: 'US', number: '840', prefix: '+1 206 555' },
  { city: 'Toronto', country: 'Canada', code: 'CA', number: '124', prefix: '+1 416 555' },
  { city: '東京', country: 'Japan', code: 'JP', number: '392', prefix: '+81 3 5550' },
];

export const emeaOffices: readonly Office[] = [
  { city: 'Zürich', country: 'Switzerland', code: 'CH', number: '756', prefix: '+41 44 555' },
  { city: 'København', country: 'Denmark', code: 'DK', number: '208', prefix: '+45 33 55' },
  { city: 'Αθήνα', country: 'Greece', code: 'GR', number: '300', prefix: '+30 21 055' },
];
