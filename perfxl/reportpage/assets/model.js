// The data of the page and what is asked of it: filters, order, grouping. Nothing here touches the document.

const data = JSON.parse(document.getElementById("data").textContent);

const SEVERITIES = [
  { key: "error", sign: "●", word: "错误" },
  { key: "warning", sign: "▲", word: "警告" },
  { key: "advice", sign: "○", word: "建议" },
];
const SCORE_BINS = data.scoreEdges.map((edge, at) => `${at ? data.scoreEdges[at - 1] + " – " : "低于 "}${edge}`);
SCORE_BINS.push(`${data.scoreEdges[data.scoreEdges.length - 1]} 及以上`);
const NOT_FILLED = "（没有填写）";

const departments = data.departments.map(
  ([name, year, projects, budget, executed, rate, excellent, good, fair, poor, errors, warnings, advice]) => ({
    name: name === null ? NOT_FILLED : name,
    year,
    projects,
    budget,
    executed,
    rate,
    grades: [excellent, good, fair, poor],
    counts: [errors, warnings, advice],
  }),
);

const projects = data.projects.map(
  ([department, year, name, unit, budget, executed, rate, total, grade, book, sheet, index, superseded, ...rest]) => ({
    department: department === null ? NOT_FILLED : department,
    year,
    name: name === null ? NOT_FILLED : name,
    unit: unit === null ? "" : unit,
    budget,
    executed,
    rate,
    total,
    grade,
    book: data.books[book],
    sheet,
    index,
    superseded,
    counts: rest.slice(0, 3),
    findings: rest[3].map(([code, severity, cell, found, expected, problem, todo]) => ({
      code,
      title: data.codes[code],
      severity,
      cell,
      found,
      expected,
      problem,
      todo,
    })),
  }),
);

const manySources = new Set(data.books.map((book) => book[0])).size > 1;

function pathOf(book) {
  return manySources ? `${book[0]}/${book[1]}` : book[1];
}

function scoreBin(total) {
  const at = data.scoreEdges.findIndex((edge) => Number(total) < edge);
  return at < 0 ? data.scoreEdges.length : at;
}

// What the words of a search may stand in; put together when it is first searched.
function wordsOf(project) {
  if (project.words === undefined) {
    const findings = project.findings.map((f) => `${f.code} ${f.title} ${f.cell} ${f.problem}`);
    project.words = [project.name, project.unit, project.department, project.sheet, pathOf(project.book), ...findings]
      .join("\n")
      .toLowerCase();
  }
  return project.words;
}

// No severity chosen means all of them. A project is shown where a finding is left, or where none is asked for.
function matchingFindings(project, wanted) {
  return project.findings.filter(
    (finding) =>
      (!wanted.severities.size || wanted.severities.has(finding.severity)) &&
      (wanted.code === null || finding.code === wanted.code),
  );
}

function matches(project, wanted) {
  if (project.year !== wanted.year) return false;
  if (wanted.department !== null && project.department !== wanted.department) return false;
  if (wanted.grade !== null && project.grade !== wanted.grade) return false;
  if (wanted.bin !== null && (project.total === null || scoreBin(project.total) !== wanted.bin)) return false;
  if ((wanted.severities.size || wanted.code !== null) && !matchingFindings(project, wanted).length) return false;
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => wordsOf(project).includes(word));
}

function isNarrowed(wanted) {
  return Boolean(
    wanted.text.trim() ||
      wanted.department !== null ||
      wanted.grade !== null ||
      wanted.bin !== null ||
      wanted.code !== null ||
      wanted.severities.size,
  );
}

// Each order: its name, and by what departments and projects are compared. `sign` is 1, or -1 for the other way round; a missing figure
// comes last either way.
const byName = (a, b) => a.name.localeCompare(b.name, "zh-CN");
const nameWise = (sign) => (a, b) => sign * byName(a, b);
const worstFirst = (sign) => (a, b) => {
  const [errors, warnings, advice] = [0, 1, 2].map((at) => b.counts[at] - a.counts[at]);
  return sign * (errors || warnings || advice) || byName(a, b);
};
const by = (figure, direction) => (sign) => (a, b) => {
  const [one, other] = [figure(a), figure(b)];
  if (one === null || other === null) return (one === null) - (other === null) || byName(a, b);
  return sign * direction * (one - other) || byName(a, b);
};
const points = (project) => (project.total === null ? null : Number(project.total));
const lowestTotal = (department) => {
  const known = department.shown.map(points).filter((total) => total !== null);
  return known.length ? known.reduce((least, total) => Math.min(least, total)) : null;
};
const ORDERS = {
  worst: { title: "问题多的在前", department: worstFirst, project: worstFirst },
  rate: { title: "执行率低的在前", department: by((d) => d.rate, 1), project: by((p) => p.rate, 1) },
  total: { title: "总分低的在前", department: by(lowestTotal, 1), project: by(points, 1) },
  budget: { title: "预算大的在前", department: by((d) => d.budget, -1), project: by((p) => p.budget, -1) },
  executed: { title: "执行数大的在前", department: by((d) => d.executed, -1), project: by((p) => p.executed, -1) },
  projects: { title: "项目多的在前", department: by((d) => d.projects, -1), project: nameWise },
  name: { title: "按名称", department: nameWise, project: nameWise },
};

// A department of which the page has projects and no sums: it found no room, or all its forms were replaced by newer ones.
function withoutSums(name, shown) {
  const counts = [0, 1, 2].map((at) => shown.reduce((sum, project) => sum + project.counts[at], 0));
  const counted = shown.filter((project) => !project.superseded).length;
  return { name, projects: counted, budget: null, executed: null, rate: null, grades: [0, 0, 0, 0], counts };
}

// The departments of a year with the projects that are to be shown, all in order. Where nothing narrows the list, a department stays
// although none of its projects found room on the page.
function arranged(wanted) {
  const order = ORDERS[wanted.order];
  const sign = wanted.reversed ? -1 : 1;
  const shown = new Map();
  for (const project of projects) {
    if (matches(project, wanted)) {
      if (!shown.has(project.department)) shown.set(project.department, []);
      shown.get(project.department).push(project);
    }
  }
  for (const found of shown.values()) found.sort(order.project(sign));
  const known = departments.filter((department) => department.year === wanted.year);
  const names = new Set(known.map((department) => department.name));
  const listed = known
    .filter((department) => shown.has(department.name) || !isNarrowed(wanted))
    .map((department) => ({ ...department, shown: shown.get(department.name) || [] }));
  for (const [name, found] of shown) {
    if (!names.has(name)) listed.push({ ...withoutSums(name, found), shown: found });
  }
  return listed.sort(order.department(sign));
}

const moneyFormat = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const money = (amount) => (amount === null ? "—" : moneyFormat.format(amount));
const percent = (rate) => (rate === null ? "—" : `${rate.toFixed(2)}%`);
const yearName = (year) => (year === null ? "年度不明" : `${year} 年度`);
