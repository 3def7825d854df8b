// Calls of a helper in the parsed copy of a function, done without a call: a call of a function
// takes Octave more than a microsecond, what a helper does a tenth of that.
//
// In the tree of a function that runs, each call of the helper is replaced by a node that evaluates
// its value, and hands it over. Every other node stays, so that the function does
// what it did; `Shortcuts::undo` puts the calls back. Octave has no public way to set the parts of
// an expression; the names of its members are those of its versions 7 to 10, and in others the
// calls stay calls.

#if ! defined (lockstep_tree_h)
#define lockstep_tree_h 1

#include <functional>
#include <string>
#include <unordered_set>

#include <octave/oct.h>
#include <octave/interpreter.h>
#include <octave/ov-usr-fcn.h>
#include <octave/pt-all.h>
#include <octave/pt-eval.h>
#include <octave/version.h>

#define LOCKSTEP_KNOWS_THE_TREE (OCTAVE_MAJOR_VERSION >= 7 && OCTAVE_MAJOR_VERSION <= 10)

// Octave shares the names of all libraries that it loads; these are each library's own.
namespace
{
namespace lockstep
{
  using octave::tree_argument_list;
  using octave::tree_evaluator;
  using octave::tree_expression;

  // Called with the evaluator, the number, the first argument and the last.
  using Given = octave_value (*) (tree_evaluator&, double, const octave_value&,
                                  const octave_value&);

  // What a helper's calls look like: the value is its last argument. The one before it may be a
  // constant, of which a number is made when the call is replaced; the call stays where that is 0.
  // The first may be a value as well.
  struct Helper
  {
    std::string name;
    std::size_t arguments;
    Given given;
    double (*number) (const octave_value&);
    bool has_first;
  };

  class Shortcut;
  std::unordered_set<Shortcut *> shortcuts;

  // A node in the place of a call.
  class Shortcut : public tree_expression
  {
  public:

    Shortcut (const Helper& helper, octave::tree_index_expression *call, tree_argument_list& list,
              double number, tree_expression *& place)
      : tree_expression (call->line (), call->column ()), m_helper (helper), m_call (call),
        m_list (list), m_number (number), m_value (list.back ()), m_place (place)
    {
      copy_base (*call);
      m_place = this;
      shortcuts.insert (this);
    }

    ~Shortcut ()
    {
      shortcuts.erase (this);
      delete m_call;
    }

    // Put the call back.
    void
    undo ()
    {
      m_place = m_call;
      m_call = nullptr;
      delete this;
    }

    tree_expression *
    dup (octave::symbol_scope& scope) const
    {
      return m_call->dup (scope);
    }

    bool rvalue_ok () const { return true; }

    void accept (octave::tree_walker& walker) { m_call->accept (walker); }

    octave_value
    evaluate (tree_evaluator& evaluator, int nargout = 1)
    {
      octave_value first;
      if (m_helper.has_first)
        first = one_value (evaluator, *m_list.front ());
      octave_value value = one_value (evaluator, *m_value);
      octave_value given = m_helper.given (evaluator, m_number, first, value);
      return nargout ? given : octave_value ();
    }

    octave_value_list
    evaluate_n (tree_evaluator& evaluator, int nargout = 1)
    {
      octave_value given = evaluate (evaluator, nargout);
      return given.is_defined () ? ovl (given) : octave_value_list ();
    }

  private:

    octave_value
    one_value (tree_evaluator& evaluator, tree_expression& expression)
    {
      octave_value value = expression.evaluate (evaluator);
      if (value.is_cs_list () && value.list_value ().length () == 1)
        value = value.list_value ()(0);
      if (value.is_undefined () || value.is_cs_list ())
        error ("%s: one value is expected", m_helper.name.c_str ());
      return value;
    }

    const Helper& m_helper;
    octave::tree_index_expression *m_call;
    tree_argument_list& m_list;
    double m_number;
    tree_expression *m_value;
    tree_expression *& m_place;
  };

#if LOCKSTEP_KNOWS_THE_TREE

  // Access to a member that is not public: an explicit instantiation may name it.
  template <typename Tag, typename Tag::Member member>
  struct Open
  {
    friend typename Tag::Member part (Tag) { return member; }
  };

#define LOCKSTEP_OPEN(TAG, CLASS, MEMBER)                                    \
  struct TAG                                                                 \
  {                                                                          \
    using Member = tree_expression *octave::CLASS::*;                        \
    friend Member part (TAG);                                                \
  };                                                                         \
  template struct Open<TAG, &octave::CLASS::MEMBER>;

  LOCKSTEP_OPEN (Left, tree_binary_expression, m_lhs)
  LOCKSTEP_OPEN (Right, tree_binary_expression, m_rhs)
  LOCKSTEP_OPEN (Operand, tree_unary_expression, m_op)
  LOCKSTEP_OPEN (Assigned, tree_simple_assignment, m_rhs)
  LOCKSTEP_OPEN (Base, tree_colon_expression, m_base)
  LOCKSTEP_OPEN (Increment, tree_colon_expression, m_increment)
  LOCKSTEP_OPEN (Limit, tree_colon_expression, m_limit)
  LOCKSTEP_OPEN (While, tree_while_command, m_expr)
  LOCKSTEP_OPEN (If, tree_if_clause, m_expr)
  LOCKSTEP_OPEN (Stated, tree_statement, m_expression)

#undef LOCKSTEP_OPEN

  // Puts shortcuts into a tree.
  class Cutter : public octave::tree_walker
  {
  public:

    Cutter (const Helper& helper, tree_evaluator& evaluator)
      : m_helper (helper), m_evaluator (evaluator)
    { }

    void visit_anon_fcn_handle (octave::tree_anon_fcn_handle&) { }

    void
    visit_statement (octave::tree_statement& node)
    {
      tree_walker::visit_statement (node);
      cut (node.*part (Stated ()));
    }

    void
    visit_argument_list (tree_argument_list& list)
    {
      tree_walker::visit_argument_list (list);
      for (tree_expression *& one : list)
        cut (one);
    }

    void
    visit_binary_expression (octave::tree_binary_expression& node)
    {
      tree_walker::visit_binary_expression (node);
      cut (node.*part (Left ()));
      cut (node.*part (Right ()));
    }

    // Its operands are in two places, and stay calls.
    void
    visit_compound_binary_expression (octave::tree_compound_binary_expression& node)
    {
      tree_walker::visit_binary_expression (node);
    }

    void
    visit_prefix_expression (octave::tree_prefix_expression& node)
    {
      tree_walker::visit_prefix_expression (node);
      cut (static_cast<octave::tree_unary_expression&> (node).*part (Operand ()));
    }

    void
    visit_postfix_expression (octave::tree_postfix_expression& node)
    {
      tree_walker::visit_postfix_expression (node);
      cut (static_cast<octave::tree_unary_expression&> (node).*part (Operand ()));
    }

    void
    visit_simple_assignment (octave::tree_simple_assignment& node)
    {
      tree_walker::visit_simple_assignment (node);
      cut (node.*part (Assigned ()));
    }

    void
    visit_colon_expression (octave::tree_colon_expression& node)
    {
      tree_walker::visit_colon_expression (node);
      cut (node.*part (Base ()));
      cut (node.*part (Increment ()));
      cut (node.*part (Limit ()));
    }

    void
    visit_if_clause (octave::tree_if_clause& node)
    {
      tree_walker::visit_if_clause (node);
      cut (node.*part (If ()));
    }

    void
    visit_while_command (octave::tree_while_command& node)
    {
      tree_walker::visit_while_command (node);
      cut (node.*part (While ()));
    }

    void
    visit_do_until_command (octave::tree_do_until_command& node)
    {
      tree_walker::visit_do_until_command (node);
      cut (static_cast<octave::tree_while_command&> (node).*part (While ()));
    }

  private:

    // Replace what is at a place, if it is a call of the helper.
    void
    cut (tree_expression *& place)
    {
      auto call = dynamic_cast<octave::tree_index_expression *> (place);
      if (! call || call->type_tags () != "(" || call->expression ()->name () != m_helper.name)
        return;
      tree_argument_list *list = call->arg_lists ().front ();
      if (! list || list->length () != m_helper.arguments)
        return;
      double number = 0;
      if (m_helper.number)
        {
          tree_expression *before = *std::prev (list->end (), 2);
          if (! before->is_constant ())
            return;
          number = m_helper.number (before->evaluate (m_evaluator));
          if (number <= 0)
            return;
        }
      new Shortcut (m_helper, call, *list, number, place);
    }

    const Helper& m_helper;
    tree_evaluator& m_evaluator;
  };

#endif

  // The shortcuts to a helper, in all functions that call it.
  class Shortcuts
  {
  public:

    explicit Shortcuts (const Helper& helper) : m_helper (helper) { }

    // Put them into the function from which the helper was called.
    void
    into_caller (octave::interpreter& interp)
    {
#if LOCKSTEP_KNOWS_THE_TREE
      tree_evaluator& evaluator = interp.get_evaluator ();
      octave_user_code *caller = evaluator.current_user_code ();
      if (! caller || ! caller->body () || ! m_seen.insert (caller).second)
        return;
      interp.mlock ();  // while nodes of this library are in a tree
      Cutter cutter (m_helper, evaluator);
      caller->body ()->accept (cutter);
#else
      octave_unused_parameter (interp);
#endif
    }

    // Put back all calls.
    void
    undo ()
    {
      while (! shortcuts.empty ())
        (*shortcuts.begin ())->undo ();
      m_seen.clear ();
    }

  private:

    Helper m_helper;
    std::unordered_set<octave_user_code *> m_seen;
  };
}
}

#endif
