// Departments → projects → findings, opened by a click; drawn as far as they are looked at.

const DEPARTMENTS_AT_ONCE = 60;
const PROJECTS_AT_ONCE = 60;
const OPENED_AT_MOST = 300; // projects that “全部展开” and a printer open

// `opened` keeps what the reader has opened while the list is drawn anew.
function drawList(target, wanted, opened) {
  const listed = arranged(wanted);
  const found = listed.reduce((sum, { shown }) => sum + shown.filter((project) => !project.superseded).length, 0);
  // A short answer to a question is shown at once.
  const open = isNarrowed(wanted) && found <= PROJECTS_AT_ONCE;
  target.replaceChildren();
  inPortions(target, listed, DEPARTMENTS_AT_ONCE, "个部门", (department) =>
    departmentRow(department, wanted, opened, open || opened.has(department.name)),
  );
  if (!listed.length) target.append(element("p", { class: "empty" }, "没有符合条件的项目。"));
  return { departments: listed.filter((each) => each.shown.length || !isNarrowed(wanted)).length, projects: found };
}

function inPortions(target, items, portion, what, draw) {
  const next = (from) => {
    target.append(...items.slice(from, from + portion).map(draw));
    const left = items.length - from - portion;
    if (left > 0) {
      const more = element("button", { class: "more", onclick: () => (more.remove(), next(from + portion)) });
      more.append(`再显示 ${Math.min(left, portion)} ${what}（还有 ${left} ${what.slice(0, 1)}）`);
      target.append(more);
    }
  };
  next(0);
}

// A line that opens: its content is drawn when it is first opened.
function opening(kind, cells, isOpen, draw, remember) {
  const line = element("button", { class: `line ${kind}`, type: "button", "aria-expanded": String(isOpen) }, cells);
  const item = element("article", {}, line);
  const show = () => {
    const body = element("div", { class: `body ${kind}-body` });
    draw(body);
    item.append(body);
  };
  line.addEventListener("click", () => {
    const opens = line.getAttribute("aria-expanded") === "false";
    line.setAttribute("aria-expanded", String(opens));
    remember(opens);
    if (opens) show();
    else item.lastChild.remove();
  });
  if (isOpen) show();
  return item;
}

const cell = (kind, label, ...content) => element("span", { class: kind, "data-label": label }, content);

function rateBar(rate) {
  if (rate === null) return "—";
  const bar = element("i", { class: "bar" }, element("i", {}));
  bar.firstChild.style.width = `${Math.max(0, Math.min(100, rate))}%`;
  return [bar, percent(rate)];
}

function gradeCounts(grades) {
  return data.grades.map((grade, at) =>
    grades[at] ? element("span", { class: "grade" }, `${grade} ${grades[at]}`) : null,
  );
}

function departmentRow(department, wanted, opened, isOpen) {
  const cells = [
    cell("name", "", element("b", {}, department.name)),
    cell("number count", "项目", String(department.projects)),
    cell("number", "预算", money(department.budget)),
    cell("number", "执行", money(department.executed)),
    cell("number rate", "执行率", rateBar(department.rate)),
    cell("grades", "", gradeCounts(department.grades)),
    cell("issues", "", badges(department.counts)),
  ];
  const draw = (body) => {
    inPortions(body, department.shown, PROJECTS_AT_ONCE, "个项目", (project) => projectRow(project, wanted, opened));
    const hidden = department.projects - department.shown.filter((project) => !project.superseded).length;
    if (hidden > 0 && !isNarrowed(wanted)) {
      body.append(element("p", { class: "empty" }, `另有 ${hidden} 个项目没有列在这一页上（问题较少），请查看汇总表或汇总库。`));
    }
  };
  return opening("department", cells, isOpen, draw, (opens) =>
    opens ? opened.add(department.name) : opened.delete(department.name),
  );
}

function projectRow(project, wanted, opened) {
  const cells = [
    cell(
      "name",
      "",
      project.name,
      element("small", {}, project.unit),
      project.superseded && element("small", { class: "superseded" }, `已由更新的表代替，不计入合计：${project.superseded}`),
    ),
    cell("number count", ""),
    cell("number", "预算", money(project.budget)),
    cell("number", "执行", money(project.executed)),
    cell("number rate", "执行率", rateBar(project.rate)),
    cell("grades", "", project.total === null ? "—" : element("b", {}, project.total), project.grade && element("span", { class: "grade" }, project.grade)),
    cell("issues", "", badges(project.counts)),
  ];
  return opening("project", cells, opened.has(project), (body) => drawFindings(body, project, wanted), (opens) =>
    opens ? opened.add(project) : opened.delete(project),
  );
}

function drawFindings(body, project, wanted) {
  const [, , address] = project.book;
  const path = pathOf(project.book);
  body.append(
    element(
      "p",
      { class: "file" },
      address === null ? path : element("a", { href: address, target: "_blank", rel: "noreferrer" }, path),
      ` · ${project.sheet}${project.index > 1 ? ` · 第 ${project.index} 张表` : ""}`,
    ),
  );
  const shown = matchingFindings(project, wanted);
  if (!project.findings.length) body.append(element("p", { class: "empty" }, "这张表没有发现问题。"));
  else if (shown.length < project.findings.length) {
    body.append(element("p", { class: "empty" }, `按条件显示 ${shown.length} 处，这张表共有 ${project.findings.length} 处。`));
  }
  body.append(element("ol", {}, shown.map(findingItem)));
}

function findingItem(finding) {
  const { key, sign, word } = SEVERITIES[finding.severity];
  const change = finding.expected
    ? [element("span", { class: "found" }, finding.found || "空"), " → ", element("b", {}, finding.expected)]
    : finding.found;
  return element(
    "li",
    { class: "finding" },
    element(
      "p",
      { class: "head" },
      element("span", { class: `badge ${key}` }, `${sign} ${word}`),
      element("span", { class: "place" }, finding.cell),
      element("b", {}, finding.title),
      element("code", {}, finding.code),
      element("span", { class: "change" }, change),
    ),
    element("p", {}, finding.problem),
    element("p", { class: "todo" }, finding.todo),
  );
}
